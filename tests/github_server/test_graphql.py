"""GraphQL as GitHub answers it.

https://docs.github.com/en/graphql/reference and, for pages, points and nodes,
https://docs.github.com/en/graphql/overview/rate-limits-and-query-limits-for-the-graphql-api.
"""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from importlib import import_module
from pathlib import Path

import pytest
from graphql import GraphQLObjectType, parse, validate

import kdbot.github
from tests.github_server.conftest import ALL
from tests.github_server.graphql import RESOLVERS, Query, load_schema
from tests.github_server.state import Review, ReviewComment

ITEM = """
  __typename id number title body url locked createdAt updatedAt closedAt lastEditedAt
  author { ...who } editor { ...who } authorAssociation includesCreatedEdit
  labels(first: 100) { totalCount nodes { name color description } }
  comments(first: 100) { totalCount pageInfo { hasNextPage endCursor } nodes {
    id databaseId author { ...who } body createdAt updatedAt lastEditedAt editor { ...who }
    userContentEdits(first: 2) { nodes { editedAt editor { ...who } diff } } } }
  userContentEdits(first: 10) { nodes { editedAt editor { ...who } diff } }
"""
WHO = """
fragment who on Actor { __typename login ... on User { databaseId } ... on Bot { databaseId } }
"""


@pytest.fixture
def ask(github_server):
    """Send a query about kd/demo and give the whole answer."""
    github_server.grant("reader", ALL)

    def send(query, *, bearer="reader", **variables):
        request = urllib.request.Request(
            f"{github_server.base_url}/graphql",
            data=json.dumps({"query": query, "variables": variables}).encode(),
            headers={"Authorization": f"bearer {bearer}"},
        )
        with urllib.request.urlopen(request) as response:
            return json.loads(response.read())

    return send


@pytest.fixture
def world(github_server):
    return github_server.world


@pytest.fixture
def refused(github_server):
    """Give the only complaint of the server, and forget it."""

    def take():
        (complaint,) = github_server.violations
        github_server.violations.clear()
        return complaint

    return take


def in_repository(fields, more=""):
    return f'query {{ repository(owner: "kd", name: "demo") {{ {fields} }} }} {more}'


def repository(ask, fields, more=""):
    answer = ask(in_repository(fields, more))
    assert "errors" not in answer, answer
    return answer["data"]["repository"]


def test_every_field_of_the_schema_has_a_resolver_and_no_other():
    made_by_hand = ("Connection", "Edge", "PageInfo", "RateLimit")
    served = {
        (kind.name, name)
        for kind in load_schema().type_map.values()
        if isinstance(kind, GraphQLObjectType)
        and not kind.name.startswith("__")
        and not kind.name.endswith(made_by_hand)
        for name in kind.fields
    }
    assert served == {(kind, name) for kind, fields in RESOLVERS.items() for name in fields}


def test_f07_an_issue_is_read_whole_in_one_query(ask, world, github_server):
    world.create_label("new paper", color="00ff00", description="A proposal")
    issue = world.open_issue("alice", "A title", "First", labels=["new paper"])
    github_server.clock.advance(60)
    world.edit_issue(issue, "alice", title="Another title")
    comment = world.comment(issue, world.bot, "A report")
    github_server.clock.advance(60)
    world.edit_issue(issue, "kd", body="Second")
    world.edit_comment(comment, "kd", "A report, changed")
    item = repository(
        ask, f"item: issueOrPullRequest(number: 1) {{ ... on Issue {{ {ITEM} stateReason }} }}", WHO
    )["item"]
    alice = {"__typename": "User", "login": "alice", "databaseId": world.user("alice").id}
    owner = {"__typename": "User", "login": "kd", "databaseId": 1000}
    bot = {"__typename": "Bot", "login": "github-actions", "databaseId": 41898282}
    assert item["__typename"] == "Issue"
    assert item["author"] == alice
    assert item["authorAssociation"] == "NONE"
    assert item["editor"] == owner
    assert item["lastEditedAt"] == item["updatedAt"] == "2026-03-02T09:02:00Z"
    assert item["userContentEdits"]["nodes"] == [
        {"editedAt": "2026-03-02T09:02:00Z", "editor": owner, "diff": "Second"},
        {"editedAt": "2026-03-02T09:00:00Z", "editor": alice, "diff": "First"},
    ]
    assert item["labels"]["nodes"] == [
        {"name": "new paper", "color": "00ff00", "description": "A proposal"}
    ]
    assert item["comments"]["totalCount"] == 1
    (told,) = item["comments"]["nodes"]
    assert told["author"] == bot
    assert told["editor"] == owner
    assert told["databaseId"] == comment.id
    assert [edit["diff"] for edit in told["userContentEdits"]["nodes"]] == [
        "A report, changed",
        "A report",
    ]
    assert item["stateReason"] is None


def test_a_title_alone_is_no_edit_and_a_ghost_is_null(ask, world):
    world.edit_issue(world.open_issue(None, "A title"), "kd", title="B")
    item = repository(ask, f"issue(number: 1) {{ {ITEM} }}", WHO)["issue"]
    assert (item["author"], item["body"], item["editor"], item["lastEditedAt"]) == (
        None,
        "",
        None,
        None,
    )
    assert item["userContentEdits"]["nodes"] == []


def test_a_pull_request_is_read_whole_in_one_query(ask, world, repo):
    pull = world.open_pull(
        "alice", "Add a paper", "Closes #9", files={"papers/a.yaml": "a: 1\n"}, branch="add-a"
    )
    head = world.head_sha(pull)
    repo.get_commit(head).create_status("failure", "", "one fault", "kdbot")
    repo.get_commit(head).create_status("success", "https://x.org", "ready", "kdbot")
    fields = f"""pullRequest(number: 1) {{ {ITEM} databaseId state isDraft merged mergedAt
      mergeCommit {{ oid }} headRefOid headRefName headRepository {{ nameWithOwner isFork }}
      headRepositoryOwner {{ login }} isCrossRepository baseRefName baseRefOid changedFiles
      additions deletions files(first: 100) {{ nodes {{ path changeType }} }}
      commits(last: 1) {{ totalCount nodes {{ commit {{ oid message
        author {{ name user {{ login }} }}
        status {{ state contexts {{ context state description creator {{ ...who }} }} }} }} }} }}
    }}"""
    told = repository(ask, fields, WHO)["pullRequest"]
    assert told["databaseId"] == pull.pull.id
    assert (told["state"], told["merged"], told["mergeCommit"]) == ("OPEN", False, None)
    assert told["headRefOid"] == head
    assert told["headRepository"] == {"nameWithOwner": "alice/demo", "isFork": True}
    assert told["isCrossRepository"]
    assert told["files"]["nodes"] == [{"path": "papers/a.yaml", "changeType": "ADDED"}]
    (last,) = told["commits"]["nodes"]
    assert last["commit"]["oid"] == head
    assert last["commit"]["author"]["user"] == {"login": "alice"}
    assert last["commit"]["status"]["contexts"] == [
        {
            "context": "kdbot",
            "state": "SUCCESS",
            "description": "ready",
            "creator": {"__typename": "Bot", "login": "github-actions", "databaseId": 41898282},
        }
    ]
    sha = world.merge_pull(pull, "kd")
    world.delete_fork(pull)
    after = repository(
        ask,
        """pullRequest(number: 1) { state merged closedAt mergedBy { login } mergeCommit { oid }
        headRepository { name } headRepositoryOwner { login } headRefOid }""",
    )["pullRequest"]
    assert (after["state"], after["mergeCommit"], after["mergedBy"]) == (
        "MERGED",
        {"oid": sha},
        {"login": "kd"},
    )
    assert (after["headRepository"], after["headRepositoryOwner"]) == (None, None)
    assert after["headRefOid"] == head


def test_reviews_and_their_comments_are_read_with_the_pull_request(ask, world):
    pull = world.open_pull("alice", "Add a paper", files={"a.yaml": "a: 1\n"})
    head, now = world.head_sha(pull), world.clock.now()
    pull.pull.reviews.append(
        Review(
            id=1, user=world.bot, body="Look", state="COMMENTED", commit_id=head, submitted_at=now
        )
    )
    pull.pull.review_comments.append(
        ReviewComment(
            id=2, review=1, user=world.bot, path="a.yaml", body="Say b", commit_id=head,
            hunk="", position=1, line=1, start_line=None, side="RIGHT", start_side=None,
            created_at=now,
        )
    )  # fmt: skip
    fields = """pullRequest(number: 1) { reviews(first: 9) { nodes { author { login } body state
      commit { oid } comments(first: 9) { nodes { path body line originalLine outdated } } } } }"""
    (review,) = repository(ask, fields)["pullRequest"]["reviews"]["nodes"]
    assert review["author"] == {"login": "github-actions"}
    assert review["commit"] == {"oid": head}
    place = {"path": "a.yaml", "body": "Say b", "originalLine": 1}
    assert review["comments"]["nodes"] == [{**place, "line": 1, "outdated": False}]
    world.push_to_pull(pull, {"a.yaml": "a: 2\n"})
    (review,) = repository(ask, fields)["pullRequest"]["reviews"]["nodes"]
    assert review["comments"]["nodes"] == [{**place, "line": None, "outdated": True}]


def test_the_timeline_tells_what_happened_and_can_be_chosen_from(ask, world):
    issue = world.open_issue("alice", "A")
    world.add_labels(issue, ["accepted"], "kd")
    world.comment(issue, "alice", "Thanks")
    world.edit_issue(issue, "alice", title="B")
    world.remove_label(issue, "accepted", "kd")
    world.close(issue, "kd", "not_planned")
    world.reopen(issue, "alice")
    choice = "[LABELED_EVENT, UNLABELED_EVENT, CLOSED_EVENT, REOPENED_EVENT, RENAMED_TITLE_EVENT]"
    fields = f"""issue(number: 1) {{
      all: timelineItems(first: 100) {{ totalCount nodes {{ __typename }} }}
      some: timelineItems(last: 100, itemTypes: {choice}) {{ nodes {{ __typename
        ... on LabeledEvent {{ actor {{ login }} createdAt label {{ name }} }}
        ... on UnlabeledEvent {{ label {{ name }} }}
        ... on ClosedEvent {{ stateReason closer {{ __typename }} }}
        ... on ReopenedEvent {{ actor {{ login }} }}
        ... on RenamedTitleEvent {{ previousTitle currentTitle }} }} }} }}"""
    told = repository(ask, fields)["issue"]
    assert told["all"]["totalCount"] == 6
    assert [node.pop("__typename") for node in told["some"]["nodes"]] == [
        "LabeledEvent", "RenamedTitleEvent", "UnlabeledEvent", "ClosedEvent", "ReopenedEvent",
    ]  # fmt: skip
    assert told["some"]["nodes"] == [
        {
            "actor": {"login": "kd"},
            "createdAt": "2026-03-02T09:00:00Z",
            "label": {"name": "accepted"},
        },
        {"previousTitle": "A", "currentTitle": "B"},
        {"label": {"name": "accepted"}},
        {"stateReason": "NOT_PLANNED", "closer": None},
        {"actor": {"login": "alice"}},
    ]


def test_a_duplicate_is_told_to_those_who_ask(ask, world):
    world.close(world.open_issue("alice", "A"), "kd", "duplicate")
    fields = "issue(number: 1) { stateReason duplicate: stateReason(enableDuplicate: true) }"
    assert repository(ask, fields)["issue"] == {
        "stateReason": "NOT_PLANNED",
        "duplicate": "DUPLICATE",
    }


def test_lists_are_paged_by_cursor_and_hold_no_item_twice_when_one_goes(ask, world):
    for number in range(1, 6):
        world.open_issue("alice", f"Number {number}")
    world.open_pull("alice", "A pull request", files={"a": "a"})

    def page(after=None):
        cursor = f', after: "{after}"' if after else ""
        found = repository(
            ask,
            f"""issues(first: 2, states: OPEN{cursor}) {{ totalCount nodes {{ number }}
            edges {{ cursor }} pageInfo {{ hasNextPage endCursor hasPreviousPage }} }}""",
        )["issues"]
        return [node["number"] for node in found["nodes"]], found

    numbers, first = page()
    assert (numbers, first["totalCount"]) == ([1, 2], 5)
    assert first["edges"][-1]["cursor"] == first["pageInfo"]["endCursor"]
    world.close(world.issues[2], "kd")
    world.close(world.issues[3], "kd")
    numbers, second = page(first["pageInfo"]["endCursor"])
    assert numbers == [4, 5]
    assert second["pageInfo"]["hasPreviousPage"]
    assert not second["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    ("arguments", "numbers"),
    [
        ("first: 9", [1, 2, 3]),
        ("last: 2", [2, 3]),
        ("first: 9, orderBy: {field: CREATED_AT, direction: DESC}", [3, 2, 1]),
        ("first: 9, orderBy: {field: UPDATED_AT, direction: DESC}", [1, 3, 2]),
        ("first: 9, states: [CLOSED]", [2]),
        ('first: 9, labels: ["Added", "ready"]', [1, 3]),
        ('first: 9, filterBy: {since: "2026-03-02T09:00:30Z"}', [1]),
        ('first: 9, filterBy: {createdBy: "bob", states: [OPEN]}', [3]),
    ],
)
def test_lists_of_issues_are_chosen_and_ordered(ask, world, github_server, arguments, numbers):
    world.open_issue("alice", "One")
    world.close(world.open_issue("alice", "Two"), "kd")
    world.add_labels(world.open_issue("bob", "Three"), ["ready"], "kd")
    github_server.clock.advance(60)
    world.add_labels(world.issues[1], ["added"], "kd")
    found = repository(ask, f"issues({arguments}) {{ nodes {{ number }} }}")["issues"]
    assert [node["number"] for node in found["nodes"]] == numbers


def test_lists_of_pull_requests_are_chosen(ask, world):
    world.open_issue("alice", "One")
    world.open_pull("alice", "Two", files={"a": "a"}, branch="x")
    world.merge_pull(world.open_pull("alice", "Three", files={"b": "b"}, branch="y"), "kd")

    def numbers(arguments):
        found = repository(ask, f"pullRequests(first: 9, {arguments}) {{ nodes {{ number }} }}")
        return [node["number"] for node in found["pullRequests"]["nodes"]]

    assert numbers("states: [OPEN]") == [2]
    assert numbers("states: [CLOSED]") == []
    assert numbers("states: [MERGED]") == [3]
    assert numbers('headRefName: "x"') == [2]
    assert numbers('baseRefName: "other"') == []


def test_a_new_issue_is_late_in_lists_but_not_by_its_number(ask, world):
    world.listing_lag = 2
    world.open_issue("alice", "One")
    fields = "issue(number: 1) { number } issues(first: 1) { nodes { number } }"
    assert repository(ask, fields) == {"issue": {"number": 1}, "issues": {"nodes": []}}
    repository(ask, fields)
    assert repository(ask, fields)["issues"] == {"nodes": [{"number": 1}]}


@pytest.mark.parametrize(
    ("field", "message"),
    [
        ("issue(number: 1)", "Could not resolve to an Issue with the number of 1."),
        ("issue(number: 2)", "Could not resolve to an Issue with the number of 2."),
        ("pullRequest(number: 3)", "Could not resolve to a PullRequest with the number of 3."),
        ("issue(number: 9)", "Could not resolve to an Issue with the number of 9."),
    ],
)
def test_what_is_not_there_is_null_with_an_error_and_status_200(ask, world, field, message):
    world.open_pull("alice", "A pull request", files={"a": "a"})
    world.open_issue("alice", "Deleted").gone = "deleted"
    world.open_issue("alice", "An issue")
    answer = ask(in_repository(f"found: {field} {{ number }} other: issue(number: 3) {{ number }}"))
    assert answer["data"] == {"repository": {"found": None, "other": {"number": 3}}}
    (error,) = answer["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["repository", "found"])
    assert error["message"] == message
    assert "locations" in error


def test_an_unknown_repository_is_null_with_an_error(ask):
    answer = ask('{ repository(owner: "kd", name: "nothing") { id } }')
    assert answer["data"] == {"repository": None}
    assert answer["errors"][0]["type"] == "NOT_FOUND"
    name = "kd/nothing"
    message = f"Could not resolve to a Repository with the name '{name}'."
    assert answer["errors"][0]["message"] == message


def test_many_items_are_read_by_their_ids_and_a_missing_one_is_null(ask, world, repo):
    issue = world.open_issue("alice", "One")
    pull = world.open_pull("alice", "Two", files={"a": "a"})
    comment = world.comment(issue, "alice", "Hello")
    ids = [
        repo.get_issue(1).raw_data["node_id"],
        repo.get_pull(2).raw_data["node_id"],
        repo.get_issue(1).get_comment(comment.id).raw_data["node_id"],
        "bm90aGluZw==",
    ]
    assert repo.get_issue(2).raw_data["node_id"] == ids[1]
    query = """query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Issue { number }
      ... on PullRequest { databaseId } ... on IssueComment { body } } }"""
    answer = ask(query, ids=ids)
    assert answer["data"]["nodes"] == [
        {"__typename": "Issue", "id": ids[0], "number": 1},
        {"__typename": "PullRequest", "id": ids[1], "databaseId": pull.pull.id},
        {"__typename": "IssueComment", "id": ids[2], "body": "Hello"},
        None,
    ]
    (error,) = answer["errors"]
    assert (error["type"], error["path"]) == ("NOT_FOUND", ["nodes", 3])
    query = "query($id: ID!) { node(id: $id) { ... on Node { id } } }"
    assert ask(query, id=ids[0])["data"]["node"] == {"id": ids[0]}


def test_files_refs_and_the_branch_are_read_from_git(ask, world):
    sha = world.push("kd", {"papers/a.yaml": "a: 1\n", "logo": b"\0\1"}, "Add a\n\nWhy not")
    fields = """isFork nameWithOwner viewerPermission
      defaultBranchRef { name prefix target { oid ... on Commit { messageHeadline } } }
      ref(qualifiedName: "refs/heads/main") { name } none: ref(qualifiedName: "x") { name }
      text: object(expression: "main:papers/a.yaml") { __typename ... on Blob { text byteSize } }
      binary: object(expression: "HEAD:logo") { ... on Blob { isBinary text } }
      tree: object(expression: "main:papers") { __typename }
      missing: object(expression: "main:b") { oid }"""
    assert repository(ask, fields) == {
        "isFork": False,
        "nameWithOwner": "kd/demo",
        "viewerPermission": "WRITE",
        "defaultBranchRef": {
            "name": "main",
            "prefix": "refs/heads/",
            "target": {"oid": sha, "messageHeadline": "Add a"},
        },
        "ref": {"name": "main"},
        "none": None,
        "text": {"__typename": "Blob", "text": "a: 1\n", "byteSize": 5},
        "binary": {"isBinary": True, "text": None},
        "tree": {"__typename": "Tree"},
        "missing": None,
    }


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ("issue(number: 1) { mood }", "Cannot query field 'mood' on type 'Issue'."),
        ("issue { title }", "of type 'Int!' is required"),
        ("issue(number: 1)", "must have a selection of subfields"),
        ("issue(number: 1) { title", "Syntax Error"),
        ("issues(first: 1, states: [HAPPY]) { totalCount }", "HAPPY"),
    ],
)
def test_what_the_published_schema_has_not_is_refused(ask, refused, fields, complaint):
    answer = ask(in_repository(fields))
    assert "data" not in answer
    assert complaint in answer["errors"][0]["message"]
    assert complaint in refused()


def test_variables_must_fit(ask, refused):
    query = """query($n: Int!) { repository(owner: "kd", name: "demo") {
      issue(number: $n) { title } } }"""
    assert "errors" in ask(query, n="one")
    assert "$n" in refused()


def test_more_than_a_hundred_at_once_is_refused(ask, refused):
    answer = ask(in_repository("issues(first: 101) { nodes { number } }"))
    assert answer["errors"][0]["type"] == "EXCESSIVE_PAGINATION"
    assert refused() == (
        "graphql: Requesting 101 records on the `issues` connection exceeds the `first` limit of "
        "100 records."
    )


def test_a_list_needs_bounds_unless_only_its_length_is_asked_for(ask, refused):
    assert repository(ask, "issues { totalCount }") == {"issues": {"totalCount": 0}}
    answer = ask(in_repository("issues { nodes { number } }"))
    assert answer["errors"][0]["type"] == "MISSING_PAGINATION_BOUNDARIES"
    assert "`first` or `last`" in refused()


def test_no_more_than_a_hundred_ids_are_taken(ask, refused):
    answer = ask("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=["x"] * 101)
    assert answer["errors"][0]["type"] == "ARGUMENT_LIMIT"
    assert refused() == "graphql: You may not provide more than 100 node ids; you provided 101."


def test_half_a_million_nodes_are_the_limit(ask, refused):
    many = """issues(first: 100) { nodes { comments(first: 100) { nodes {
      userContentEdits(first: 100) { nodes { diff } } } } } }"""
    answer = ask(in_repository(many))
    assert answer["errors"][0]["type"] == "MAX_NODE_LIMIT_EXCEEDED"
    assert "1,010,100 possible nodes" in refused()


def test_a_query_costs_the_requests_that_fill_its_lists_by_a_hundred():
    """The example of GitHub's documentation: 5,101 requests are 51 points."""
    query = Query(
        {
            "query": """query($some: Int!) { repository(owner: "a", name: "b") {
              pullRequests(first: 100) { nodes { commits(first: $some) { nodes { commit {
                parents(first: 60) { totalCount } } } } } } } }""",
            "variables": {"some": 50},
        }
    )
    assert (query.cost.requests, query.cost.points) == (1 + 1 + 100 + 5000, 51)
    assert query.cost.nodes == 100 + 100 * 50 + 100 * 50 * 60
    assert Query({"query": "{ viewer { login } }"}).cost.points == 1


def test_the_quota_is_told_and_enforced_in_points(ask, github_server):
    github_server.limit_quota(points=2)
    rate = ask("{ rateLimit { limit cost remaining used nodeCount resetAt } }")["data"]
    assert rate["rateLimit"] == {
        "limit": 2,
        "cost": 1,
        "remaining": 1,
        "used": 1,
        "nodeCount": 0,
        "resetAt": "2026-03-02T10:00:00Z",
    }
    ask("{ viewer { login } }")
    answer = ask("{ viewer { login } }")
    assert "data" not in answer
    assert answer["errors"][0]["type"] == "RATE_LIMITED"
    github_server.clock.advance(3600)
    assert ask("{ viewer { login } }")["data"] == {"viewer": {"login": "github-actions[bot]"}}


def test_scopes_are_asked_for_as_in_rest(ask, world, github_server):
    world.open_issue("alice", "One")
    world.open_pull("alice", "Two", files={"a": "a"})
    github_server.grant("blind", {"contents": "read"})
    github_server.grant("reads", {"issues": "read"})
    query = in_repository("nameWithOwner issue(number: 1) { number } pullRequest(number: 2) { id }")
    answer = ask(query, bearer="blind")
    assert answer["data"]["repository"] == {
        "nameWithOwner": "kd/demo",
        "issue": None,
        "pullRequest": None,
    }
    assert {error["type"] for error in answer["errors"]} == {"FORBIDDEN"}
    assert answer["errors"][0]["message"] == "Resource not accessible by integration"
    answer = ask(query, bearer="reads")
    assert answer["data"]["repository"]["issue"] == {"number": 1}
    assert [error["path"] for error in answer["errors"]] == [["repository", "pullRequest"]]
    with pytest.raises(urllib.error.HTTPError, match="401"):
        ask(query, bearer="nobody")


def test_faults_strike_queries_too_and_some_with_status_200(ask, github_server):
    faults = github_server.faults
    faults.fail(status=502, at_request=1)
    with pytest.raises(urllib.error.HTTPError, match="502"):
        ask("{ viewer { login } }")
    faults.clear()
    faults.fail_query()
    answer = ask("{ viewer { login } }")
    assert answer["data"] is None
    assert answer["errors"][0]["message"].startswith("Something went wrong while executing")
    assert "type" not in answer["errors"][0]
    assert "errors" not in ask("{ viewer { login } }")
    assert [logged.status for logged in github_server.log] == [502, 200, 200]
    assert github_server.writes == []


def test_the_bots_own_queries_are_valid():
    folder = Path(kdbot.github.__file__).parent
    texts = [
        value
        for name in sorted(file.stem for file in folder.glob("*.py"))
        for value in vars(import_module(f"kdbot.github.{name}")).values()
        if isinstance(value, str) and value.strip().startswith("query")
    ]
    assert texts
    for text in texts:
        assert validate(load_schema(), parse(text)) == [], text
