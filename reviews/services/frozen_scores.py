"""What did the products of an article get by the method, on the day it was frozen?

An article with a use case keeps in `content["method"]` which version weighed its products and each one's overall; a
scores block "by the method" keeps its rows. Both are computed here and typed by nobody (E4), and stay as they are in
what was published (E5).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from reviews.models import Score
from reviews.score_table import Method, UseCaseFacts, active_method, overalls_of, score_rows


def fill_scores(content: dict[str, Any]) -> dict[str, Any]:
    """The content with the scores of the active method. Five queries where any are asked for, none elsewhere."""
    own = content["article"].get("use_case", "")
    if not own and not any(map(_follows_method, content["blocks"])):
        return content
    method = active_method()
    if method is None:
        return content
    ids = {product for block in content["blocks"] for product in block["products"]}
    if content["article"]["subject"]:
        ids.add(content["article"]["subject"])
    rows = score_rows(method, ids)
    filled = {**content, "blocks": [_filled(block, method, rows) for block in content["blocks"]]}
    use_case = method.use_case(own)
    return filled | {"method": _weighed(method, use_case, rows, ids)} if use_case else filled


def _follows_method(block: Mapping[str, Any]) -> bool:
    data = block["data"]
    return block["kind"] == "scores" and isinstance(data, Mapping) and bool(data.get("use_case"))


def _filled(block: dict[str, Any], method: Method, rows: Mapping[int, Mapping[str, Score]]) -> dict[str, Any]:
    if not _follows_method(block) or not block["products"]:
        return block
    use_case = method.use_case(block["data"]["use_case"])
    if use_case is None:
        return block
    given = rows.get(block["products"][0], {})
    frozen = {
        "method": method.number,
        "label": use_case.label,
        "rows": [
            _row(criterion.label, use_case.weights[criterion.key], given.get(criterion.key))
            for criterion in method.criteria
            if use_case.weights[criterion.key]
        ],
    }
    return {**block, "data": {**block["data"], "frozen": frozen}}


def _row(label: str, weight: int, score: Score | None) -> dict[str, Any]:
    row: dict[str, Any] = {"criterion": label, "weight": weight, "score": None, "note": ""}
    if score is None:
        return row
    source = {"source_url": score.evidence_url} if score.evidence_url else {}
    return row | {"score": str(score.value), "note": score.evidence, **source}


def _weighed(
    method: Method, use_case: UseCaseFacts, rows: Mapping[int, Mapping[str, Score]], ids: Iterable[int]
) -> dict[str, Any]:
    found = overalls_of(rows, use_case, sorted(ids))
    return {
        "number": method.number,
        "use_case": use_case.key,
        "label": use_case.label,
        "overalls": {str(product): str(one.value) for product, one in found.items() if one.value is not None},
    }
