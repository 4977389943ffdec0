"""What matters for money and trust leaves a line for each row that is added, changed or removed, whatever the door.

A table that is added later gets its own triggers by a migration like this one: `test_rows_are_written_down.py` asks of
each list of the admin whether it has them or need not.
"""

from collections.abc import Sequence

from django.conf import settings
from django.db import migrations

# What somebody may want to be forgotten (addresses, readers' names and words), secrets, and what workers write by the
# thousand are no columns here; “!” before one: that it changed is said, not what it was. Amounts are not copied:
# a price is stored no longer than its licence lets it (`delete_expired_readings`), and this is kept for years.
# (app, model) of the row, its key, the columns. Tables of their own are named, others follow from app and model.
ROWS: dict[str, tuple[str, str, str, str]] = {
    # who may do what
    "auth_user": ("auth", "user", "id", "username,is_superuser,is_staff,is_active,!password,!email"),
    "auth_user_groups": ("auth", "user", "user_id", "group_id"),
    "auth_user_user_permissions": ("auth", "user", "user_id", "permission_id"),
    "auth_group": ("auth", "group", "id", "name"),
    "auth_group_permissions": ("auth", "group", "group_id", "permission_id"),
    "mfa_authenticator": ("auth", "user", "user_id", "type,!data"),
    "partners_apikey": ("partners", "apikey", "id", "name,scopes,prefix,!digest,expires_at,revoked_at,former_until"),
    "partners_webhook": ("partners", "webhook", "id", "name,address,kinds,is_active,!salt"),
    # what is sold, by whom, by which terms
    "catalog_brand": ("catalog", "brand", "id", "name,slug,homepage"),
    "catalog_product": (
        "catalog", "product", "id", "model,brand_id,variant,slug,kind,type,status,merged_into_id,summary,colour",
    ),
    "catalog_productcode": ("catalog", "productcode", "id", "product_id,scheme,value"),
    "catalog_audiospecs": (
        "catalog", "audiospecs", "id",
        "product_id,form_factor,enclosure,ears,weight_g,foldable,durable,water_rating,mic_grade,mic_form,"
        "mic_noise_cancelling,mic_mute,sidetone,driver_mm,driver_type,frequency_low_hz,frequency_high_hz,impedance_ohm,"
        "sound_balance,accurate_sound,high_fidelity,anc,passive_isolation,isolation_db,transparency,volume_limited,"
        "hearing_protection,wireless,radios,connectors,platforms,latency,multipoint,battery_hours,comfort_long_wear,"
        "glasses_friendly,child_size,hygiene_wipeable,professional_look,rgb,certifications,release_year",
    ),
    "catalog_specevidence": (
        "catalog", "specevidence", "id",
        "product_id,spec,value,source,source_url,checked_on,is_measured,sample,firmware",
    ),
    "catalog_merchant": (
        "catalog", "merchant", "id",
        "name,slug,homepage,hosts,country,currency,delivers_to,is_active,source,!source_settings,refresh_every,"
        "requests_per_minute,requests_per_day,network,network_settings,referrer_policy,max_price_age,prices_allowed,"
        "history_allowed,alerts_allowed,mail_allowed,feeds_allowed,api_allowed,image_copies_allowed,used_allowed,"
        "conversion_allowed,link_style,link_label,disclaimer",
    ),
    "catalog_networkaccount": ("catalog", "networkaccount", "id", "name,network,!report_settings,is_active"),
    "catalog_offer": (
        "catalog", "offer", "id", "product_id,merchant_id,merchant_sku,url,condition,withdrawn_at",
    ),
    "catalog_link": (
        "catalog", "link", "id",
        "code,offer_id,redirect_status,is_active,expires_at,expires_after_clicks,fallback_path",
    ),
    "catalog_linkroute": (
        "catalog", "linkroute", "id",
        "name,link_id,position,offer_id,weight,countries,forms,systems,languages,weekdays,from_time,until_time,"
        "time_zone,starts_at,ends_at",
    ),
    "catalog_failover": (
        "catalog", "failover", "id",
        "link_id,from_offer_id,to_offer_id,reason,ended_at,ended_because,is_reverted,reverted_by",
    ),
    "catalog_exchangerate": ("catalog", "exchangerate", "id", "day,currency,per_euro,source"),
    "catalog_feedimport": (
        "catalog", "feedimport", "id", "merchant_id,file_name,!url,format,currency,mapping,created_by",
    ),
    "catalog_reportfile": ("catalog", "reportfile", "id", "account_id,file_name,sha256,created_by"),
    # what is said, and by which measure
    "recommender_rulesetversion": (
        "recommender", "rulesetversion", "id",
        "number,fingerprint,note,is_shipped,drafted_by,approved_by,published_by,published_at",
    ),
    "recommender_rulesetdraft": (
        "recommender", "rulesetdraft", "id", "based_on_id,!texts,note,approved_by_id,approved_at",
    ),
    "recommender_rulesinforce": ("recommender", "rulesinforce", "id", "version_id,put_by"),
    "readers_issue": ("readers", "issue", "id", "subject,topic,state,due_at"),
    "reviews_author": (
        "reviews", "author", "id", "name,slug,user_id,role,bio,credentials,tests,profile_links",
    ),
    "reviews_article": (
        "reviews", "article", "id",
        "title,kind,slug,public_slug,author_id,reviewer_id,subject_id,obtained,use_case,seo_title,seo_description,stage,"
        "status,publish_at,scheduled_version_id,expires_at,live_revision_id,published_at,revised_at",
    ),
    "reviews_revision": ("reviews", "revision", "id", "article_id,number,created_by_id,note"),
    "reviews_articleaddress": ("reviews", "articleaddress", "id", "slug,article_id,kind"),
    "reviews_formerpath": ("reviews", "formerpath", "id", "path,article_id,code"),
    "reviews_correction": ("reviews", "correction", "id", "article_id,kind,wrong,right,day,source,revision_id,!credit"),
    "reviews_picture": (
        "reviews", "picture", "id",
        "alt,caption,credit,licence,source_url,merchant_id,product_id,sha256,focus_x,focus_y",
    ),
    "reviews_watch": ("reviews", "watch", "id", "article_id,passage,condition,parameters"),
    "reviews_methodversion": ("reviews", "methodversion", "id", "number,state,summary,change_note,activated_by_id"),
    "reviews_criterion": ("reviews", "criterion", "id", "label,version_id,key,how,position"),
    "reviews_usecase": ("reviews", "usecase", "id", "label,version_id,key,position"),
    "reviews_weight": ("reviews", "weight", "id", "use_case_id,criterion_id,weight"),
    "reviews_score": (
        "reviews", "score", "id",
        "product_id,criterion_id,value,evidence,evidence_url,tester_id,scored_on,is_confirmed",
    ),
    "reviews_commentword": ("reviews", "commentword", "id", "word,act"),
    "reviews_commentban": ("reviews", "commentban", "id", "kind,until,made_by_id,!reason"),
    "reviews_spamthreshold": ("reviews", "spamthreshold", "id", "percent,chosen_by_id"),
}  # fmt: skip

# Rows that machines and readers add by the thousand: only what somebody decides of them.
DECISIONS: dict[str, tuple[str, str, str, str]] = {
    "catalog_destination": ("catalog", "destination", "offer_id", "decision,decided_by"),
    "catalog_doubtfulmatch": ("catalog", "doubtfulmatch", "id", "decision,product_id,decided_by"),
    "reviews_comment": ("reviews", "comment", "id", "state,decided_by_id"),
}
# A price is stored once; what somebody typed in, accepted or rejected is a new one with their name.
DECIDED = ("catalog", "price", "id", "offer_id,verdict,source,decided_by,!amount")


def _arguments(told: Sequence[str]) -> str:
    return ", ".join(f"'{one}'" for one in told)


def _changed(table: str, told: Sequence[str]) -> str:
    """Asked of a row before any function is called: what workers write by the thousand costs a comparison."""
    columns = [one.lstrip("!") for one in told[3].split(",")]
    old, new = (", ".join(f'{row}."{column}"' for column in columns) for row in ("OLD", "NEW"))
    return (
        f"CREATE OR REPLACE TRIGGER written_down_changed AFTER UPDATE ON {table} FOR EACH ROW"
        f" WHEN (({old}) IS DISTINCT FROM ({new}))"
        f" EXECUTE FUNCTION reviews_write_change_down({_arguments(told)});\n"
    )


def _came_and_went(table: str, told: Sequence[str]) -> str:
    """By the statement, so that an import pays once for all its rows."""
    return "".join(
        f"CREATE OR REPLACE TRIGGER written_down_{name} AFTER {act} ON {table} REFERENCING {seen} TABLE AS touched"
        f" FOR EACH STATEMENT EXECUTE FUNCTION reviews_write_rows_down({_arguments(told)});\n"
        for name, act, seen in (("added", "INSERT", "NEW"), ("removed", "DELETE", "OLD"))
    )


def _dropped(table: str, *names: str) -> str:
    return "".join(f"DROP TRIGGER IF EXISTS written_down_{name} ON {table};\n" for name in names)


class Migration(migrations.Migration):
    # A table at a time, each for a moment: all of them held at once could wait for a writer that waits for us.
    # Whoever is stopped in between begins again (`CREATE OR REPLACE`).
    atomic = False

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("catalog", "0031_told_to_webhooks"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("partners", "0002_api_keys"),
        ("readers", "0006_weekday_is_one"),
        ("recommender", "0004_needs_told_lately"),
        ("reviews", "0029_row_changes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        *(
            migrations.RunSQL(
                _came_and_went(table, told) + _changed(table, told), _dropped(table, "added", "removed", "changed")
            )
            for table, told in ROWS.items()
        ),
        *(migrations.RunSQL(_changed(table, told), _dropped(table, "changed")) for table, told in DECISIONS.items()),
        migrations.RunSQL(
            "CREATE OR REPLACE TRIGGER written_down_decided AFTER INSERT ON catalog_price FOR EACH ROW"
            f" WHEN (NEW.decided_by <> '') EXECUTE FUNCTION reviews_write_change_down({_arguments(DECIDED)})",
            _dropped("catalog_price", "decided"),
        ),
    ]
