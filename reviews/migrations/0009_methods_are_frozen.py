"""What was a method once is never rewritten, and pages that show its scores hear of a change."""

from django.db import migrations, models

# Only drafts can be changed: a page that says "Method 2" must find there what it was scored by.
FROZEN = """
CREATE FUNCTION reviews_method_is_frozen(version bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE told record;
BEGIN
    SELECT number, state INTO told FROM reviews_methodversion WHERE id = version;
    IF told.state <> 'draft' THEN
        RAISE EXCEPTION 'method % is frozen: prepare a new version instead of changing it', told.number
            USING ERRCODE = 'restrict_violation';
    END IF;
END $$;

CREATE FUNCTION reviews_method_part_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN PERFORM reviews_method_is_frozen(OLD.version_id); END IF;
    IF TG_OP <> 'DELETE' THEN PERFORM reviews_method_is_frozen(NEW.version_id); RETURN NEW; END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER reviews_criterion_frozen BEFORE INSERT OR UPDATE OR DELETE ON reviews_criterion
    FOR EACH ROW EXECUTE FUNCTION reviews_method_part_is_frozen();
CREATE TRIGGER reviews_usecase_frozen BEFORE INSERT OR UPDATE OR DELETE ON reviews_usecase
    FOR EACH ROW EXECUTE FUNCTION reviews_method_part_is_frozen();

CREATE FUNCTION reviews_weight_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reviews_method_is_frozen(version_id) FROM reviews_usecase
        WHERE id IN (CASE WHEN TG_OP <> 'INSERT' THEN OLD.use_case_id END,
                     CASE WHEN TG_OP <> 'DELETE' THEN NEW.use_case_id END);
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER reviews_weight_frozen BEFORE INSERT OR UPDATE OR DELETE ON reviews_weight
    FOR EACH ROW EXECUTE FUNCTION reviews_weight_is_frozen();

CREATE FUNCTION reviews_methodversion_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'method % is frozen: prepare a new version instead of changing it', OLD.number
        USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER reviews_methodversion_frozen BEFORE UPDATE ON reviews_methodversion FOR EACH ROW
    WHEN (OLD.state <> 'draft' AND (NEW.state = 'draft'
        OR (OLD.number, OLD.summary, OLD.change_note, OLD.activated_at)
        IS DISTINCT FROM (NEW.number, NEW.summary, NEW.change_note, NEW.activated_at)))
    EXECUTE FUNCTION reviews_methodversion_is_frozen();
CREATE TRIGGER reviews_methodversion_stays BEFORE DELETE ON reviews_methodversion FOR EACH ROW
    WHEN (OLD.state <> 'draft') EXECUTE FUNCTION reviews_methodversion_is_frozen();
"""

# The words are the tags of `catalog/page_tags.py`. A draft is nobody's page.
PAGES = """
CREATE FUNCTION reviews_page_scores() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT 'product:' || m.product_id
        FROM moved m JOIN reviews_criterion c ON c.id = m.criterion_id
        JOIN reviews_methodversion v ON v.id = c.version_id WHERE v.state = 'active';
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_page_score_came AFTER INSERT ON reviews_score REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_page_scores();
CREATE TRIGGER reviews_page_score_changed AFTER UPDATE ON reviews_score REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_page_scores();
CREATE TRIGGER reviews_page_score_left AFTER UPDATE ON reviews_score REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_page_scores();
CREATE TRIGGER reviews_page_score_gone AFTER DELETE ON reviews_score REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION reviews_page_scores();

CREATE FUNCTION reviews_page_method() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT 'method' UNION
        SELECT 'product:' || s.product_id FROM reviews_score s JOIN reviews_criterion c ON c.id = s.criterion_id
        WHERE c.version_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_page_method_changed AFTER UPDATE ON reviews_methodversion FOR EACH ROW
    WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION reviews_page_method();
"""

UNDO = """
DROP FUNCTION reviews_page_method CASCADE;
DROP FUNCTION reviews_page_scores CASCADE;
DROP FUNCTION reviews_methodversion_is_frozen CASCADE;
DROP FUNCTION reviews_weight_is_frozen CASCADE;
DROP FUNCTION reviews_method_part_is_frozen CASCADE;
DROP FUNCTION reviews_method_is_frozen;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_workflow"), ("reviews", "0008_picture_changes")]

    operations = [
        migrations.AddField("score", "is_confirmed", models.BooleanField(default=True)),
        migrations.RunSQL(FROZEN + PAGES, UNDO),
    ]
