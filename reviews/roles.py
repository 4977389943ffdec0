"""Who may do what? The roles of the newsroom, as groups with exactly these permissions.

A pure table: role → "app.model" → acts. An act is Django's own (add, change, delete, view) or a permission of the model
(`publish`: `publish_article`). What a role may do with *which* article is said in `reviews/desk/rights.py`. Somebody
may have several roles. `manage.py keep_roles` makes the groups what stands here; other groups are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

Rights = dict[str, str]

# What everybody who writes looks things up in.
_CATALOGUE: Rights = {
    "catalog.audiospecs": "view",
    "catalog.brand": "view",
    "catalog.product": "view",
    "catalog.productcode": "view",
    "catalog.specevidence": "view",
}
_METHOD = ("reviews.methodversion", "reviews.criterion", "reviews.usecase", "reviews.weight", "reviews.score")

WRITER: Rights = {
    **_CATALOGUE,
    **dict.fromkeys(_METHOD, "view"),
    "recommender.rulesetversion": "view",
    # Their own: `desk.rights`.
    "reviews.article": "add change view",
    "reviews.author": "view",
    "reviews.block": "add change view delete",
    "reviews.blockpicture": "add change view delete",
    "reviews.blockproduct": "add change view delete",
    "reviews.correction": "add change view delete",
    "reviews.draftcomment": "add change view",
    "reviews.draftversion": "view",
    "reviews.picture": "add change view",
    "reviews.revision": "view",
    "reviews.watch": "add change view delete",
    "reviews.watchproduct": "add change view delete",
}

EDITOR: Rights = {
    **WRITER,
    **dict.fromkeys(_METHOD, "add change view delete"),
    # Who drafted rules cannot approve them (`recommender.services.drafts`).
    "recommender.rulesetversion": "view draft publish",
    "recommender.steptally": "view",
    "reviews.article": "add change view publish review",
    "reviews.articleaddress": "view",
    "reviews.auditline": "view",
    "reviews.author": "add change view",
    "reviews.finding": "change view",
    "readers.issue": "add change view delete send",
    "readers.news": "view",
    "readers.newsletter": "view",
    "catalog.alert": "view",
    "reviews.letterarticle": "add change view delete",
    # What readers say: to decide about, and to make corrections of.
    **dict.fromkeys(("reviews.comment", "reviews.commentban"), "change view"),
    "reviews.commentword": "add change view delete",
    "reviews.commentpassage": "view",
    "reviews.picture": "add change view delete",
    "reviews.stagechange": "view",
    "reviews.watchevent": "view",
    "catalog.audiospecs": "add change view",
    "catalog.click": "view",
    "catalog.clicktally": "view",
    "catalog.destination": "view",
    "catalog.doubtfulmatch": "change view",
    "catalog.link": "view",
    "catalog.linkroute": "view",
    "catalog.merchant": "view",
    "catalog.offer": "change view",
    "catalog.price": "view",
    "catalog.product": "add change view",
    "catalog.productcode": "add change view",
    "catalog.productmerge": "view",
    "catalog.refreshrun": "view",
    "catalog.specevidence": "add change view",
    # What comes in by them asks for the rights of its rows (`catalog.services.table_imports.rights`).
    "catalog.tableimport": "view",
}

LINK_MANAGER: Rights = {
    "catalog.brand": "view",
    "catalog.click": "view",
    "catalog.clicktally": "view",
    "catalog.conversion": "view",
    "catalog.destination": "change view",
    "catalog.doubtfulmatch": "change view",
    "catalog.exchangerate": "add view",
    "catalog.failover": "change view",
    "catalog.feedimport": "add change view",
    "catalog.importproblem": "view",
    "catalog.link": "add change view",
    "catalog.linkroute": "add change view delete",
    "catalog.merchant": "view",
    "catalog.networkaccount": "add change view",
    "catalog.offer": "change view",
    "catalog.postback": "change view",
    "catalog.price": "view",
    "catalog.product": "view",
    "catalog.refreshrun": "view",
    "catalog.reportfile": "add view",
    "catalog.tableimport": "view",
    "catalog.unknowncode": "view",
}

# What readers talk about, and who wrote it.
MODERATOR: Rights = {
    "catalog.brand": "view",
    "catalog.product": "view",
    "reviews.author": "view",
    **dict.fromkeys(("reviews.comment", "reviews.commentban"), "change view"),
    "reviews.commentword": "add change view delete",
    "reviews.commentpassage": "view",
    "reviews.revision": "view",
}

ADMINISTRATOR: Rights = {
    **EDITOR,
    **LINK_MANAGER,
    "auth.group": "add change view delete",
    "auth.user": "add change view delete",
    "catalog.audiospecs": "add change view delete",
    "catalog.brand": "add change view delete",
    "catalog.link": "add change view delete",
    "catalog.merchant": "add change view delete",
    "catalog.networkaccount": "add change view delete",
    "catalog.offer": "add change view delete",
    "catalog.product": "add change view delete",
    "catalog.productcode": "add change view delete",
    "catalog.specevidence": "add change view delete",
    "partners.apikey": "add change view",
    "partners.webhook": "add change view delete",
    "partners.webhookattempt": "view",
    "partners.webhookdelivery": "view",
    "readers.consent": "view",
    "readers.reader": "view delete",
    "reviews.article": "add change view delete publish review",
    "reviews.author": "add change view delete",
}

ROLES: dict[str, Rights] = {
    "Writer": WRITER,
    "Editor": EDITOR,
    "Link manager": LINK_MANAGER,
    "Moderator": MODERATOR,
    "Administrator": ADMINISTRATOR,
}


def permissions_of(role: str) -> Iterator[tuple[str, str]]:
    """The role's permissions as (app, codename)."""
    for model, acts in ROLES[role].items():
        app, _, name = model.partition(".")
        for act in acts.split():
            yield app, f"{act}_{name}"
