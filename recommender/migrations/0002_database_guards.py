"""What only the database can promise: a version stays as it is, and kept pages hear of new rules whoever put them."""

from django.db import migrations

GUARDS = """
CREATE FUNCTION recommender_version_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'recommender_rulesetversion is append-only: publish a new version instead of changing rules %',
        OLD.number;
END $$;
CREATE TRIGGER recommender_version_stays BEFORE UPDATE OR DELETE ON recommender_rulesetversion
    FOR EACH ROW EXECUTE FUNCTION recommender_version_stays();
CREATE FUNCTION recommender_page_rules() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('rules');
    RETURN NULL;
END $$;
CREATE TRIGGER recommender_page_rules AFTER INSERT OR UPDATE OR DELETE ON recommender_rulesinforce
    FOR EACH ROW EXECUTE FUNCTION recommender_page_rules();
-- other rules came with the code: the first ones there are replace nothing
CREATE TRIGGER recommender_page_shipped AFTER INSERT ON recommender_rulesetversion
    FOR EACH ROW WHEN (NEW.is_shipped AND NEW.number > 1) EXECUTE FUNCTION recommender_page_rules();
"""
NO_GUARDS = """
DROP TRIGGER recommender_page_shipped ON recommender_rulesetversion;
DROP TRIGGER recommender_page_rules ON recommender_rulesinforce;
DROP FUNCTION recommender_page_rules;
DROP TRIGGER recommender_version_stays ON recommender_rulesetversion;
DROP FUNCTION recommender_version_stays;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("recommender", "0001_versions_of_the_rules"),
        ("catalog", "0005_page_changes"),
    ]

    operations = [migrations.RunSQL(GUARDS, NO_GUARDS)]
