"""Pages that show a picture hear of its new sizes, words and focus, and of terms that forbid it, as in 0004."""

from django.db import migrations

PICTURES = """
CREATE FUNCTION reviews_page_picture() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) VALUES ('picture:' || OLD.id);
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_page_picture_changed AFTER UPDATE ON reviews_picture FOR EACH ROW
    WHEN ((OLD.alt, OLD.caption, OLD.credit, OLD.licence, OLD.source_url, OLD.merchant_id, OLD.focus_x, OLD.focus_y,
           OLD.width, OLD.height, OLD.renditions)
        IS DISTINCT FROM
          (NEW.alt, NEW.caption, NEW.credit, NEW.licence, NEW.source_url, NEW.merchant_id, NEW.focus_x, NEW.focus_y,
           NEW.width, NEW.height, NEW.renditions))
    EXECUTE FUNCTION reviews_page_picture();
CREATE TRIGGER reviews_page_picture_gone AFTER DELETE ON reviews_picture
    FOR EACH ROW EXECUTE FUNCTION reviews_page_picture();

CREATE FUNCTION reviews_page_merchants_pictures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO catalog_pagechange (thing) SELECT 'picture:' || id FROM reviews_picture WHERE merchant_id = NEW.id;
    RETURN NULL;
END $$;
CREATE TRIGGER reviews_page_merchants_pictures AFTER UPDATE ON catalog_merchant FOR EACH ROW
    WHEN (OLD.image_copies_allowed IS DISTINCT FROM NEW.image_copies_allowed)
    EXECUTE FUNCTION reviews_page_merchants_pictures();
"""

UNDO = """
DROP FUNCTION reviews_page_picture CASCADE;
DROP FUNCTION reviews_page_merchants_pictures CASCADE;
"""


class Migration(migrations.Migration):
    dependencies = [("reviews", "0007_workflow")]

    operations = [migrations.RunSQL(PICTURES, UNDO)]
