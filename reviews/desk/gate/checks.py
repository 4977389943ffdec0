"""Which checks are there? A new one is a function in the file of its family and a line here."""

from __future__ import annotations

from reviews.desk.gate import (
    claims,
    corrections,
    disclosure,
    fit,
    headings,
    names,
    own_links,
    paid_links,
    passages,
    pictures,
    products,
    scores,
    structured_data,
    upkeep,
    whole_page,
    wording,
)
from reviews.desk.gate.remarks import Check, PageCheck

# What does not pass these has no page that the others could read.
FIRST = (
    Check("blocks-missing", "An article has at least one block.", fit.blocks_missing),
    Check("obtained-missing", "A review says how its unit came to us.", fit.obtained_missing),
    Check("block-unfit", "Every block fits its kind.", fit.block_unfit),
)
THEN = (
    Check(
        "disclosure-order",
        "The disclosure block stands before every block that can carry affiliate links.",
        disclosure.disclosure_order,
    ),
    PageCheck(
        "disclosure-late",
        "On the page as drawn, a disclosure that can be seen stands before the first affiliate link or shop's price.",
        disclosure.disclosure_late,
    ),
    PageCheck("disclosure-vague", "The disclosure says in plain words that we are paid.", disclosure.disclosure_vague),
    PageCheck("link-not-sponsored", 'Every affiliate link has rel="sponsored".', paid_links.link_not_sponsored),
    PageCheck(
        "link-unlabelled",
        "Every affiliate link carries the label that its merchant's terms name.",
        paid_links.link_unlabelled,
    ),
    PageCheck("alt-missing", "Every picture has an alternative text.", pictures.alt_missing),
    PageCheck("alt-file-name", "No alternative text is the name of a file.", pictures.alt_file_name),
    Check("picture-not-ready", "Every picture is there in at least one size.", pictures.picture_not_ready),
    PageCheck("heading-jump", "No heading skips a level.", headings.heading_jump),
    PageCheck("heading-empty", "No heading is empty.", headings.heading_empty),
    Check(
        "product-discontinued", "Where a product is no longer made, the article says so.", products.product_discontinued
    ),
    Check(
        "claim-overdue", "No measurement of its products is past the day it had to be renewed.", claims.claim_overdue
    ),
    Check("scores-missing", "Scores that come from the method are there.", scores.scores_missing),
    Check("watch-broken", "Everything that must stay true is true.", claims.watch_broken),
    PageCheck(
        "json-ld-invalid",
        "The data for search engines follow Schema.org's and Google's rules.",
        structured_data.json_ld_invalid,
    ),
    PageCheck(
        "json-ld-unseen",
        "The data for search engines say nothing that a reader cannot see.",
        structured_data.json_ld_unseen,
    ),
    Check("link-dangling", "Links to our own pages lead to something.", own_links.link_dangling),
    Check("link-to-shop", "No link in running text leads to a shop.", own_links.link_to_shop),
    PageCheck("anchor-missing", "Links within the page lead to a place on it.", whole_page.anchor_missing),
    PageCheck("id-repeated", "No id stands on the page twice.", whole_page.id_repeated),
    PageCheck("third-party-request", "The page fetches nothing from anybody else.", whole_page.third_party_request),
    Check(
        "claim-due-soon",
        "Evidence that has to be renewed within 14 days, or a maker's word past its day.",
        claims.claim_due_soon,
        is_refusal=False,
    ),
    Check("title-long", "The title fits a search result.", upkeep.title_long, is_refusal=False),
    Check("description-long", "The description fits a search result.", upkeep.description_long, is_refusal=False),
    Check(
        "title-duplicate",
        "No other article has the same title, on its page or in search results.",
        names.title_duplicate,
        is_refusal=False,
    ),
    Check("title-near", "No other article has nearly the same title.", names.title_near, is_refusal=False),
    Check("slug-unclear", "The slug is short, says something and names no year.", names.slug_unclear, is_refusal=False),
    Check("slug-taken-over", "No other article was at this address before.", names.slug_taken_over, is_refusal=False),
    Check("picture-none", "An article shows a picture.", upkeep.picture_none, is_refusal=False),
    Check(
        "picture-unfinished", "Every picture is there in all its sizes.", pictures.picture_unfinished, is_refusal=False
    ),
    Check("reviewer-missing", "Somebody checked the article.", upkeep.reviewer_missing, is_refusal=False),
    Check(
        "use-case-unused",
        "The chosen use case exists, and a block scores or ranks by it.",
        upkeep.use_case_unused,
        is_refusal=False,
    ),
    Check(
        "method-changed",
        "Scores follow the version of the method that is in use.",
        scores.method_changed,
        is_refusal=False,
    ),
    Check(
        "order-unlike-scores",
        "The picks of an article with a use case stand in the order of their scores.",
        scores.order_unlike_scores,
        is_refusal=False,
    ),
    Check(
        "correction-undated",
        "A correction that waits for publication has its day.",
        corrections.correction_undated,
        is_refusal=False,
    ),
    Check(
        "correction-unmade",
        "The words that a correction calls wrong are not there any more.",
        corrections.correction_unmade,
        is_refusal=False,
    ),
    Check(
        "remark-loses-place",
        "The words that readers remarked on are still there.",
        passages.remark_loses_place,
        is_refusal=False,
    ),
    Check("article-old", "A live article is read again within a year.", upkeep.article_old, is_refusal=False),
    Check("link-not-public", "Articles it links to are published.", own_links.link_not_public, is_refusal=False),
    Check(
        "offers-missing",
        "Products of cards and comparisons are sold somewhere.",
        products.offers_missing,
        is_refusal=False,
    ),
    Check(
        "offers-stale",
        "Products of cards and comparisons have a price that may be shown.",
        products.offers_stale,
        is_refusal=False,
    ),
    Check("pick-twice", "No product is picked twice.", products.pick_twice, is_refusal=False),
    PageCheck("heading-shouted", "No heading is all capitals.", headings.heading_shouted, is_refusal=False),
    PageCheck("link-text-vague", "Links say where they lead.", wording.link_text_vague, is_refusal=False),
    PageCheck(
        "text-long",
        "No paragraph is longer than 150 words, no sentence longer than 45.",
        wording.text_long,
        is_refusal=False,
    ),
)
CHECKS: tuple[Check | PageCheck, ...] = (*FIRST, *THEN)
