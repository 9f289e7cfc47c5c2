"""The list's own schema and forms, and the one door of the intake."""

import json
import tomllib
from pathlib import Path

import pytest

from kdbot.intake.proposal import parse_proposal
from kdbot.intake.schema_files import parse_taxonomy, parse_venues
from kdbot.model.form import form_fields
from kdbot.model.schema import parse_schema
from kdbot.model.settings import parse_settings
from tests.intake.texts import Reader

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def venues():
    return parse_venues((ROOT / "schema/venues.yaml").read_bytes(), "schema/venues.yaml")


@pytest.fixture(scope="session")
def taxonomy():
    return parse_taxonomy((ROOT / "schema/taxonomy.yaml").read_bytes(), "schema/taxonomy.yaml")


@pytest.fixture(scope="session")
def form(taxonomy):
    settings = parse_settings(tomllib.loads((ROOT / "kdbot.toml").read_text("utf-8")), "kdbot.toml")
    schema = parse_schema(json.loads((ROOT / "schema/paper.schema.json").read_bytes()))
    return form_fields(settings, schema, taxonomy)


@pytest.fixture(scope="session")
def reader(taxonomy, venues):
    """Answers texts beside the papers that their list has."""
    settings = parse_settings(tomllib.loads((ROOT / "kdbot.toml").read_text("utf-8")), "kdbot.toml")
    schema = parse_schema(json.loads((ROOT / "schema/paper.schema.json").read_bytes()))
    return Reader(settings, schema, taxonomy, venues)


@pytest.fixture(scope="session")
def propose(form, taxonomy, venues):
    """Read an issue's title and body."""

    def read(title, body):
        return parse_proposal(title, body, form=form, taxonomy=taxonomy, venues=venues)

    return read
