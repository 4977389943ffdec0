"""What changed for readers of articles is written down by the database, as in `catalog/migrations/0005`."""

from django.db import migrations

# A draft is nobody's page: only what readers can see, before or after, counts.
ARTICLES = """
CREATE FUNCTION reviews_page_article() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('article:' || OLD.id);
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT 'reviews:' || shown
        FROM reviews_revisionproduct r JOIN catalog_product p ON p.id = r.product_id,
        LATERAL unnest(ARRAY[p.id, p.merged_into_id]) AS shown
        WHERE shown IS NOT NULL
        AND revision_id IN (OLD.live_revision_id, CASE TG_OP WHEN 'UPDATE' THEN NEW.live_revision_id END);
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_page_article_changed AFTER UPDATE ON reviews_article FOR EACH ROW
    WHEN ((OLD.status = 'published' OR NEW.status = 'published')
        AND (OLD.status, OLD.live_revision_id, OLD.published_at, OLD.revised_at, OLD.slug, OLD.kind, OLD.author_id,
             OLD.reviewer_id, OLD.subject_id)
        IS DISTINCT FROM
            (NEW.status, NEW.live_revision_id, NEW.published_at, NEW.revised_at, NEW.slug, NEW.kind, NEW.author_id,
             NEW.reviewer_id, NEW.subject_id))
    EXECUTE FUNCTION reviews_page_article();
CREATE TRIGGER reviews_page_article_gone AFTER DELETE ON reviews_article FOR EACH ROW
    WHEN (OLD.status = 'published') EXECUTE FUNCTION reviews_page_article();

CREATE FUNCTION reviews_page_author() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('author:' || OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_page_author_changed AFTER UPDATE OR DELETE ON reviews_author
    FOR EACH ROW EXECUTE FUNCTION reviews_page_author();
"""

UNDO = """
DROP FUNCTION reviews_page_article CASCADE;
DROP FUNCTION reviews_page_author CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0003_revisions_are_frozen"), ("catalog", "0005_page_changes")]

    operations = [migrations.RunSQL(ARTICLES, UNDO)]
