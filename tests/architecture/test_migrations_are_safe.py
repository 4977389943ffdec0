"""A migration of tomorrow locks nobody out for long, and the code of yesterday goes on beside it.

Judged by the SQL it makes (django-migration-linter), and by what an older release does without knowing of it: it names
columns that were dropped or renamed, and fills in none that are new. Migrations up to `BEFORE` are older than the rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import RunPython
from django_migration_linter.sql_analyser.analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.postgresql import PostgresqlAnalyser

# The last migration of each app on 2026-11-27, when the rule came. An app that is new has none.
BEFORE = {"catalog": 30, "readers": 4, "recommender": 4, "reviews": 28}
OURS = ("catalog", "partners", "readers", "recommender", "reviews")
# Migration → why it may do what the rule forbids. Said in `docs/operations.md` under the release too.
EXCUSED: dict[tuple[str, str], str] = {}
# The linter's own words for what cannot be undone or doubted by SQL alone.
NOT_ASKED = ("RUNPYTHON_REVERSIBLE", "RUNSQL_REVERSIBLE", "RUNPYTHON_ARGS_NAMING_CONVENTION")
ALONE = re.compile(
    r"^(?:LOCK TABLE|CLUSTER|VACUUM FULL|REINDEX (?!.*CONCURRENTLY)|ALTER TABLE .* (?:SET TABLESPACE|SET LOGGED))",
    re.IGNORECASE,
)
CHECKED_AT_ONCE = re.compile(
    r"^ALTER TABLE (\S+) .*ADD CONSTRAINT .* (?:CHECK|FOREIGN KEY)(?!.*NOT VALID)", re.IGNORECASE | re.DOTALL
)
# What takes the table alone, readers too shut out; VALIDATE and what only guards against writers do not.
SHUT = re.compile(r"^(?:ALTER|DROP|TRUNCATE) TABLE (?:IF EXISTS )?(?:ONLY )?([^\s;]++)(?!\s+VALIDATE\b)", re.IGNORECASE)
LOADER = MigrationLoader(None, replace_migrations=False)


def new_migrations() -> list[tuple[str, str]]:
    return sorted(key for key in LOADER.disk_migrations if key[0] in OURS and int(key[1][:4]) > BEFORE.get(key[0], 0))


def problems(statements: Sequence[str], *, atomic: bool) -> list[str]:
    """What is wrong with these statements of one migration, in the linter's words and ours."""
    said = [one for one in statements if not one.startswith("--")]
    whole = ["BEGIN;", *said, "COMMIT;"] if atomic else said
    errors, _, warnings = analyse_sql_statements(PostgresqlAnalyser, whole, exclude_migration_tests=NOT_ASKED)
    found = [f"{one.code}: {one.message} ({one.table or ''} {one.column or ''})" for one in (*errors, *warnings)]
    made = {name for one in said for name in re.findall(r"^CREATE TABLE (?:IF NOT EXISTS )?(\S+)", one)}
    for one in said:
        if ALONE.search(one):
            found.append(f"LOCKED: the table is shut while this lasts: {one[:80]}")
        checked = CHECKED_AT_ONCE.search(one)
        if checked and checked[1] not in made:
            found.append(
                f"CHECKED_AT_ONCE: all rows are read under a lock; add it NOT VALID, then VALIDATE: {one[:60]}"
            )
    shut = {one[1] for statement in said if (one := SHUT.search(statement))} - made
    if atomic and len(shut) > 1:
        found.append(f"TWO_TABLES: one is shut while the next is waited for, readers in between end: {sorted(shut)}")
    return found


def sql_of(app: str, name: str) -> tuple[list[str], bool]:
    migration = LOADER.graph.nodes[app, name]
    state = LOADER.project_state((app, name), at_end=False)
    # What runs Python changes rows, not tables; its SQL cannot be known before it runs.
    migration = type(migration)(name, app)
    migration.operations = [one for one in migration.operations if not isinstance(one, RunPython)]
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
        return list(editor.collected_sql), migration.atomic


@pytest.mark.django_db
@pytest.mark.parametrize(("app", "name"), new_migrations())
def test_a_new_migration_is_safe_on_a_live_site(app: str, name: str) -> None:
    statements, atomic = sql_of(app, name)
    found = problems(statements, atomic=atomic)
    if (app, name) in EXCUSED:
        assert found, "no excuse is needed any more"
    else:
        assert found == [], "see “Zero-downtime releases” in docs/operations.md"


def test_the_baseline_names_migrations_that_are_there() -> None:
    for app, number in BEFORE.items():
        assert any(key[0] == app and key[1].startswith(f"{number:04}_") for key in LOADER.disk_migrations), app
    assert set(EXCUSED) <= set(new_migrations())


CREATED = 'CREATE TABLE "t" ("id" bigint NOT NULL PRIMARY KEY);'


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ('CREATE INDEX "i" ON "t" ("a");', "CREATE_INDEX"),
        ('ALTER TABLE "t" ADD COLUMN "a" integer NOT NULL;', "NOT_NULL"),
        ('ALTER TABLE "t" ALTER COLUMN "a" SET NOT NULL;', "NOT_NULL"),
        ('ALTER TABLE "t" ALTER COLUMN "a" TYPE bigint;', "ALTER_COLUMN"),
        ('ALTER TABLE "t" DROP COLUMN "a" CASCADE;', "DROP_COLUMN"),
        ('ALTER TABLE "t" RENAME COLUMN "a" TO "b";', "RENAME_COLUMN"),
        ('ALTER TABLE "t" RENAME TO "u";', "RENAME_TABLE"),
        ('DROP TABLE "t" CASCADE;', "DROP_TABLE"),
        ('ALTER TABLE "t" ADD CONSTRAINT "c" UNIQUE ("a");', "ADD_UNIQUE"),
        ('ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("a" > 0);', "CHECKED_AT_ONCE"),
        ('ALTER TABLE "t" ADD CONSTRAINT "c" FOREIGN KEY ("a") REFERENCES "u" ("id");', "CHECKED_AT_ONCE"),
        ('LOCK TABLE "t";', "LOCKED"),
        ("VACUUM FULL t;", "LOCKED"),
    ],
)
def test_what_locks_readers_out_or_breaks_the_older_code_is_found(statement: str, code: str) -> None:
    assert [one.partition(":")[0] for one in problems([statement], atomic=True)] == [code]


@pytest.mark.parametrize(
    ("statements", "atomic"),
    [
        ([CREATED, 'CREATE INDEX "i" ON "t" ("a");'], True),
        ([CREATED, 'ALTER TABLE "t" ADD CONSTRAINT "c" FOREIGN KEY ("a") REFERENCES "u" ("id");'], True),
        (['ALTER TABLE "t" ADD COLUMN "a" integer NULL;'], True),
        (['ALTER TABLE "t" ADD COLUMN "a" integer DEFAULT 0 NOT NULL;'], True),
        (['CREATE INDEX CONCURRENTLY "i" ON "t" ("a");'], False),
        (['ALTER TABLE "t" ADD CONSTRAINT "c" CHECK ("a" > 0) NOT VALID;'], True),
        (['ALTER TABLE "t" VALIDATE CONSTRAINT "c";'], True),
    ],
)
def test_what_the_rule_advises_is_fine(statements: list[str], atomic: bool) -> None:
    assert problems(statements, atomic=atomic) == []


def test_tables_are_shut_one_in_a_transaction_for_a_reader_of_both_would_be_ended() -> None:
    two = ['ALTER TABLE "t" ADD COLUMN "a" integer NULL;', 'ALTER TABLE "u" ADD COLUMN "a" integer NULL;']
    assert [one.partition(":")[0] for one in problems(two, atomic=True)] == ["TWO_TABLES"]
    assert problems(two, atomic=False) == []
    dates = [one.replace('"a" integer', '"validated_at" date') for one in two]
    assert [one.partition(":")[0] for one in problems(dates, atomic=True)] == ["TWO_TABLES"]
    checks = ['ALTER TABLE "t" VALIDATE CONSTRAINT "c";', 'ALTER TABLE "u" VALIDATE CONSTRAINT "c";']
    assert problems(checks, atomic=True) == [], "they shut nobody out"
    assert problems([CREATED, *two[:1], *two[1:]], atomic=True) == [], "what is new has no readers"


def test_a_default_that_only_django_knows_is_found_for_older_code_would_fill_in_nothing() -> None:
    """What `AddField(default=0)` makes; with `db_default=0` the database keeps it."""
    statements = [
        'ALTER TABLE "t" ADD COLUMN "a" integer DEFAULT 0 NOT NULL;',
        'ALTER TABLE "t" ALTER COLUMN "a" DROP DEFAULT;',
    ]
    assert problems(statements, atomic=True) != []
