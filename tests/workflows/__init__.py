"""The harness that runs the project's workflow files with `act`, without Docker and network."""
