"""A score purges the pages that show scores of its product, not all that show the product."""

from django.db import migrations


def functions(tag: str) -> str:
    return f"""
CREATE OR REPLACE FUNCTION reviews_page_scores() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT DISTINCT '{tag}:' || m.product_id
        FROM moved m JOIN reviews_criterion c ON c.id = m.criterion_id
        JOIN reviews_methodversion v ON v.id = c.version_id WHERE v.state = 'active';
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION reviews_page_method() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing)
        SELECT 'method' UNION
        SELECT '{tag}:' || s.product_id FROM reviews_score s JOIN reviews_criterion c ON c.id = s.criterion_id
        WHERE c.version_id = NEW.id;
    RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0014_what_moved_here")]

    operations = [migrations.RunSQL(functions("scores"), functions("product"))]
