"""Where triggers write down what was in a row before and what is in it now, and one list of that and all other logs."""

from django.db import migrations, models

# A table by months (UTC): `reviews/services/row_change_months.py` makes those to come and drops the old ones. What
# comes when a month was not made in time goes into the last table and stays there until all of it is old.
TABLE = [
    """CREATE TABLE reviews_rowchange (
    id bigserial,
    happened_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    door varchar(8) NOT NULL,
    name varchar(200) NOT NULL,
    user_id integer,
    content_type_id integer,
    table_name varchar(63) NOT NULL,
    row_id text NOT NULL,
    row_name varchar(200) NOT NULL,
    act smallint NOT NULL,
    said jsonb NOT NULL,
    PRIMARY KEY (id, happened_at)
) PARTITION BY RANGE (happened_at)""",
    "CREATE INDEX reviews_rowchange_by_time ON reviews_rowchange (happened_at DESC)",
    "CREATE INDEX reviews_rowchange_by_row ON reviews_rowchange (content_type_id, row_id)",
    "CREATE INDEX reviews_rowchange_by_user ON reviews_rowchange (user_id) WHERE user_id IS NOT NULL",
    "CREATE TABLE reviews_rowchange_default PARTITION OF reviews_rowchange DEFAULT",
    """DO $$
DECLARE
    month timestamptz;
BEGIN
    FOR ahead IN 0..3 LOOP
        month := date_trunc('month', now(), 'UTC') + make_interval(months => ahead);
        EXECUTE format('CREATE TABLE %I PARTITION OF reviews_rowchange FOR VALUES FROM (%L) TO (%L)',
            'reviews_rowchange_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM'), month, month + interval '1 month');
    END LOOP;
END $$""",
    """CREATE TRIGGER reviews_rowchange_kept BEFORE UPDATE OR DELETE ON reviews_rowchange FOR EACH ROW
    EXECUTE FUNCTION reviews_log_is_append_only()""",
]

# Who acts stands in a comment at the end of the statement (config/acting.py). Where there is none somebody asked the
# database by itself: its role is known, and the program if it said its name.
WRITTEN_BY = r"""
CREATE FUNCTION reviews_written_by(OUT door text, OUT name text, OUT user_id integer) LANGUAGE plpgsql STABLE AS $$
DECLARE
    mark text[] := regexp_match(right(current_query(), 600), '/\*by ([a-z]+) (\d*) ([0-9a-f]*)\*/\s*$');
BEGIN
    IF mark IS NULL THEN
        door := 'database';
        name := session_user || coalesce(', ' || nullif(current_setting('application_name'), ''), '');
    ELSE
        door := mark[1];
        user_id := nullif(mark[2], '')::integer;
        name := convert_from(decode(mark[3], 'hex'), 'UTF8');
    END IF;
END $$;
"""

# `columns`: with commas between; of one that begins with “!” only that it changed is said. Long values lose their end.
# Nothing, an empty text and an empty list are the same here.
DIFFERENCES = """
CREATE FUNCTION reviews_differences(before jsonb, after jsonb, columns text) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_object_agg(column_name, CASE WHEN is_kept_back THEN '[]'::jsonb ELSE jsonb_build_array(
        CASE WHEN length(was::text) > 500 THEN to_jsonb(left(was #>> '{}', 500) || '…') ELSE was END,
        CASE WHEN length(now_is::text) > 500 THEN to_jsonb(left(now_is #>> '{}', 500) || '…') ELSE now_is END
    ) END), '{}')
    FROM (
        SELECT ltrim(named, '!') AS column_name, named LIKE '!%' AS is_kept_back,
            CASE WHEN before -> ltrim(named, '!') IN ('null', '""', '[]', '{}') THEN NULL
                ELSE before -> ltrim(named, '!') END AS was,
            CASE WHEN after -> ltrim(named, '!') IN ('null', '""', '[]', '{}') THEN NULL
                ELSE after -> ltrim(named, '!') END AS now_is
        FROM unnest(string_to_array(columns, ',')) named
    ) asked
    WHERE was IS DISTINCT FROM now_is
$$;
CREATE FUNCTION reviews_row_name(one jsonb, columns text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce((
        SELECT left(one ->> named, 200) FROM unnest(string_to_array(columns, ',')) WITH ORDINALITY told (named, place)
        WHERE named IN ('name', 'title', 'model', 'username', 'label', 'code', 'slug', 'key', 'word')
        ORDER BY place LIMIT 1
    ), '')
$$;
"""

# Arguments of both: app and model that the row belongs to, the column with its number, the columns.
# So many rows added by one statement are one line: they hold themselves what was written.
WRITTEN_DOWN = """
CREATE FUNCTION reviews_write_rows_down() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    writer record;
    kind integer := (SELECT id FROM django_content_type WHERE app_label = TG_ARGV[0] AND model = TG_ARGV[1]);
    is_new boolean := TG_OP = 'INSERT';
BEGIN
    IF NOT EXISTS (SELECT FROM touched) THEN
        RETURN NULL;
    END IF;
    SELECT * INTO writer FROM reviews_written_by();
    IF is_new AND EXISTS (SELECT FROM touched OFFSET 100) THEN
        INSERT INTO reviews_rowchange (door, name, user_id, content_type_id, table_name, row_id, row_name, act, said)
        SELECT writer.door, writer.name, writer.user_id, kind, TG_TABLE_NAME, '', count(*) || ' rows', 1,
            jsonb_build_object('rows', jsonb_build_array(null, count(*)), 'first', jsonb_build_array(null, min(number)),
                'last', jsonb_build_array(null, max(number)))
        FROM (SELECT (to_jsonb(one) ->> TG_ARGV[2])::bigint AS number FROM touched one) numbered;
    ELSE
        INSERT INTO reviews_rowchange (door, name, user_id, content_type_id, table_name, row_id, row_name, act, said)
        SELECT writer.door, writer.name, writer.user_id, kind, TG_TABLE_NAME, told ->> TG_ARGV[2],
            reviews_row_name(told, TG_ARGV[3]), CASE WHEN is_new THEN 1 ELSE 3 END,
            reviews_differences(CASE WHEN NOT is_new THEN told END, CASE WHEN is_new THEN told END, TG_ARGV[3])
        FROM (SELECT to_jsonb(one) AS told FROM touched one) each_one;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION reviews_write_change_down() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    writer record;
    before jsonb := CASE WHEN TG_OP = 'UPDATE' THEN to_jsonb(OLD) END;
    after jsonb := to_jsonb(NEW);
    difference jsonb := reviews_differences(before, after, TG_ARGV[3]);
BEGIN
    IF difference <> '{}' THEN
        SELECT * INTO writer FROM reviews_written_by();
        INSERT INTO reviews_rowchange (door, name, user_id, content_type_id, table_name, row_id, row_name, act, said)
        VALUES (writer.door, writer.name, writer.user_id,
            (SELECT id FROM django_content_type WHERE app_label = TG_ARGV[0] AND model = TG_ARGV[1]),
            TG_TABLE_NAME, after ->> TG_ARGV[2], reviews_row_name(after, TG_ARGV[3]),
            CASE WHEN TG_OP = 'UPDATE' THEN 2 ELSE 1 END, difference);
    END IF;
    RETURN NULL;
END $$;
"""
UNDONE = """
DROP FUNCTION reviews_write_change_down;
DROP FUNCTION reviews_write_rows_down;
DROP FUNCTION reviews_row_name;
DROP FUNCTION reviews_differences;
DROP FUNCTION reviews_written_by;
DROP TABLE reviews_rowchange;
"""

# A later migration that alters one of these columns drops the view first and makes it again.
OTHER_LOGS = """
SELECT 'l' || entry.id AS id, entry.action_time AS happened_at, entry.user_id, entry.content_type_id,
    entry.object_id, entry.object_repr::text AS object_name, entry.action_flag::integer AS action_flag,
    entry.change_message AS message, ''::text AS step {log_more}
FROM django_admin_log entry
UNION ALL
SELECT 's' || change.id, change.changed_at, change.changed_by_id, kind.id,
    change.article_id::text, article.title::text, 2, change.note, change.step::text {step_more}
FROM reviews_stagechange change
JOIN reviews_article article ON article.id = change.article_id
LEFT JOIN django_content_type kind ON kind.app_label = 'reviews' AND kind.model = 'article'
"""
LOG = (
    "CREATE OR REPLACE VIEW reviews_audit_line AS"
    + OTHER_LOGS.format(
        log_more=", 'admin'::text AS door, ''::text AS actor, ''::text AS table_name, NULL::jsonb AS said",
        step_more=", CASE WHEN change.changed_by_id IS NULL THEN 'task' ELSE 'admin' END, '', '', NULL",
    )
    + """
UNION ALL
SELECT 'r' || id, happened_at, user_id, content_type_id, row_id, row_name::text, act::integer, '', '', door::text,
    name::text, table_name::text, said
FROM reviews_rowchange
"""
)
FORMER_LOG = "DROP VIEW reviews_audit_line; CREATE VIEW reviews_audit_line AS" + OTHER_LOGS.format(
    log_more="", step_more=""
)


class Migration(migrations.Migration):
    dependencies = [
        ("contenttypes", "0002_remove_content_type_name"),
        ("reviews", "0028_comment_counts"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="RowChange",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                            ),
                        ),
                        ("happened_at", models.DateTimeField()),
                        ("door", models.CharField(max_length=8)),
                        ("name", models.CharField(help_text="Who, as they were called then.", max_length=200)),
                        ("user_id", models.IntegerField(blank=True, null=True)),
                        ("content_type_id", models.IntegerField(blank=True, null=True)),
                        ("table_name", models.CharField(max_length=63)),
                        ("row_id", models.TextField()),
                        ("row_name", models.CharField(max_length=200)),
                        (
                            "act",
                            models.PositiveSmallIntegerField(choices=[(1, "Added"), (2, "Changed"), (3, "Removed")]),
                        ),
                        ("said", models.JSONField(default=dict)),
                    ],
                    options={"ordering": ["-happened_at", "-pk"], "default_permissions": ()},
                ),
                migrations.AddField("auditline", "door", models.CharField(max_length=8)),
                migrations.AddField("auditline", "actor", models.CharField(max_length=200)),
                migrations.AddField("auditline", "table_name", models.CharField(max_length=63)),
                migrations.AddField("auditline", "said", models.JSONField(null=True)),
            ],
        ),
        migrations.RunSQL(TABLE, migrations.RunSQL.noop),
        migrations.RunSQL(WRITTEN_BY, migrations.RunSQL.noop),
        migrations.RunSQL(DIFFERENCES, migrations.RunSQL.noop),
        migrations.RunSQL(WRITTEN_DOWN, UNDONE),
        migrations.RunSQL(LOG, FORMER_LOG),
    ]
