"""Where do editors change the rules of the adviser? Rules by section, a draft that is tried, versions to go back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.admin.signed_in import signed_in
from recommender.models import RuleSetDraft, RuleSetVersion
from recommender.rules.editing import NoSuchRuleError, rule_ids, with_block, with_values
from recommender.rules.sentences import plain, sentence
from recommender.services import drafts
from recommender.services.versions import RulesRefusedError, put_in_force
from reviews.admin.choice_walks import ChoiceWalks, may_walk
from reviews.admin.rule_form import RuleForm, form_from, form_of
from reviews.reports.rule_pages import by_id, difference, draft_page, rules_page, texts_of, version_lines

LIST = "admin:recommender_rulesetversion_changelist"
DRAFT = "admin:recommender_rulesetversion_draft"
_MOST_ASKED = 80


@admin.register(RuleSetVersion)
class RulesAdmin(ChoiceWalks, ReadOnlyAdmin):
    """The list of versions is no list: it is the rules."""

    def get_urls(self) -> list[URLPattern]:
        def address(route: str, view: Any, name: str) -> Any:
            return path(route, self.admin_site.admin_view(view), name=f"recommender_rulesetversion_{name}")

        return [
            address("rule/<slug:rule_id>/", self.rule_view, "rule"),
            address("file/<str:name>/", self.file_view, "file"),
            address("draft/", self.draft_view, "draft"),
            address("draft/approve/", require_POST(self.approve_view), "approve"),
            address("draft/publish/", require_POST(self.publish_view), "publish"),
            address("draft/discard/", require_POST(self.discard_view), "discard"),
            address("walk/", self.walk_view, "walk"),
            address("walk/walk.csv", self.walk_csv_view, "walk_csv"),
            address("versions/", self.versions_view, "versions"),
            address("versions/<int:number>/", self.version_view, "version"),
            *super().get_urls(),
        ]

    # --- looking ---------------------------------------------------------------------------------------------

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        self._let_in(request)
        page = rules_page(" ".join(request.GET.get("q", "").replace("\x00", "").split())[:_MOST_ASKED])
        return self._page(request, "list", "Rules of the adviser", page=page)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self._let_in(request)
        version = get_object_or_404(RuleSetVersion, pk=object_id if object_id.isdecimal() else 0)
        return redirect("admin:recommender_rulesetversion_version", version.number)

    def versions_view(self, request: HttpRequest) -> HttpResponse:
        self._let_in(request)
        return self._page(request, "versions", "Versions of the rules", lines=version_lines())

    def version_view(self, request: HttpRequest, number: int) -> HttpResponse:
        """What would change by going back to it, and the button that does."""
        self._let_in(request)
        version = get_object_or_404(RuleSetVersion, number=number)
        if request.method == "POST":
            return self._do(request, lambda: _go_back(request, version), f"{version} decide from now on.", "versions")
        found = difference(texts_of(None), version.texts)
        return self._page(request, "version", str(version), version=version, changes=found)

    # --- editing ---------------------------------------------------------------------------------------------

    def rule_view(self, request: HttpRequest, rule_id: str) -> HttpResponse:
        self._let_in(request)
        draft = RuleSetDraft.objects.first()
        texts = texts_of(draft)
        name = next((name for name, text in texts.items() if rule_id in rule_ids(text)), "")
        try:
            form = form_of(texts[name], rule_id)
        except (KeyError, NoSuchRuleError) as error:
            raise Http404("There is no such rule, or its file cannot be read.") from error
        if request.method == "POST":
            form, problems = self._save_rule(request, rule_id, name, texts[name])
            if not problems:
                return redirect("admin:recommender_rulesetversion_rule", rule_id)
        else:
            problems = []
        rule = by_id({name: texts[name]}).get(rule_id)
        more = {"rule": rule, "said": sentence(rule) if rule else "", "file": name, "form": form, "problems": problems}
        more["layer"] = plain(rule.layer) if rule else ""
        return self._page(request, "rule", rule_id, seen=draft.revision if draft else 0, rule_id=rule_id, **more)

    def _save_rule(self, request: HttpRequest, rule_id: str, name: str, text: str) -> tuple[RuleForm, list[str]]:
        """The form as typed, and what was wrong; nothing was saved then."""
        _let_edit(request)
        if "_yaml" in request.POST:
            typed = _text(request, "yaml")
            form, new = RuleForm(fields=form_of(text, rule_id).fields, yaml=typed, changed={}), ""
            new = with_block(text, rule_id, typed)
        else:
            form = form_from(text, rule_id, request.POST.dict())
            if form.problems:
                return form, form.problems
            new = with_values(text, rule_id, form.changed)
        return form, self._save_text(request, name, new)

    def _save_text(self, request: HttpRequest, name: str, new: str) -> list[str]:
        try:
            drafts.edit_draft(by=signed_in(request), now=timezone.now(), texts={name: new}, seen=_seen(request))
        except RulesRefusedError as error:
            return list(error.problems)
        self.message_user(request, "Saved in the draft. Readers see nothing of it yet.", messages.SUCCESS)
        return []

    def file_view(self, request: HttpRequest, name: str) -> HttpResponse:
        """The whole text of a file: new rules, other conditions, everything the form does not offer."""
        self._let_in(request)
        draft = RuleSetDraft.objects.first()
        texts = texts_of(draft)
        if name not in texts:
            raise Http404("There is no such file of rules.")
        text, problems = texts[name], list[str]()
        if request.method == "POST":
            _let_edit(request)
            text = _text(request, "text")
            problems = self._save_text(request, name, text)
            if not problems:
                return redirect(DRAFT)
        return self._page(
            request, "file", name, file=name, text=text, problems=problems, seen=draft.revision if draft else 0
        )

    # --- the draft -------------------------------------------------------------------------------------------

    def draft_view(self, request: HttpRequest) -> HttpResponse:
        self._let_in(request)
        draft = RuleSetDraft.objects.select_related("based_on", "approved_by").first()
        if request.method == "POST":
            _let_edit(request)
            note = _text(request, "note").strip()[:2000]
            return self._do(request, lambda: _note(request, note), "The note is saved.", "draft")
        page = draft_page(draft, user_id=signed_in(request).pk, now=timezone.now()) if draft else None
        return self._page(request, "draft", "Draft of the rules", page=page)

    def approve_view(self, request: HttpRequest) -> HttpResponse:
        _let_publish(request)
        by, seen = signed_in(request), _seen(request)
        return self._do(
            request,
            lambda: drafts.approve_draft(by=by, now=timezone.now(), seen=seen),
            "You approved this draft. An edit would undo that.",
            "draft",
        )

    def publish_view(self, request: HttpRequest) -> HttpResponse:
        _let_publish(request)
        by, seen = signed_in(request), _seen(request)
        return self._do(
            request,
            lambda: drafts.publish_draft(by=by, now=timezone.now(), seen=seen),
            "Published. Every answer follows the new rules within seconds.",
            "versions",
            "draft",
        )

    def discard_view(self, request: HttpRequest) -> HttpResponse:
        _let_edit(request)
        by = signed_in(request)
        return self._do(request, lambda: drafts.discard_draft(by=by), "The draft is discarded.", "changelist")

    # --- what all of them need -------------------------------------------------------------------------------

    def _do(
        self, request: HttpRequest, what: Callable[[], object], said: str, to: str, otherwise: str = ""
    ) -> HttpResponse:
        try:
            what()
        except RulesRefusedError as error:
            for problem in error.problems:
                self.message_user(request, problem, messages.ERROR)
            return redirect(f"admin:recommender_rulesetversion_{otherwise or to}")
        self.message_user(request, said, messages.SUCCESS)
        return redirect(f"admin:recommender_rulesetversion_{to}")

    def _let_in(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, title: str, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "here": name,
            "may_edit": request.user.has_perm("recommender.draft_rulesetversion"),
            "may_walk": may_walk(request),
            "may_decide": request.user.has_perm("recommender.publish_rulesetversion"),
            **more,
        }
        return TemplateResponse(request, f"admin/recommender/rulesetversion/{name}.html", context)


def _go_back(request: HttpRequest, version: RuleSetVersion) -> None:
    _let_publish(request)
    put_in_force(version=version, by=signed_in(request), now=timezone.now())


def _note(request: HttpRequest, note: str) -> None:
    drafts.edit_draft(by=signed_in(request), now=timezone.now(), note=note, seen=_seen(request))


def _let_edit(request: HttpRequest) -> None:
    if not request.user.has_perm("recommender.draft_rulesetversion"):
        raise PermissionDenied


def _let_publish(request: HttpRequest) -> None:
    if not request.user.has_perm("recommender.publish_rulesetversion"):
        raise PermissionDenied


def _seen(request: HttpRequest) -> int:
    """The draft's revision the form showed; 0 where there was no draft yet."""
    seen = request.POST.get("seen", "")[:9]
    return int(seen) if seen.isascii() and seen.isdecimal() else 0


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\x00", "").replace("\r\n", "\n")
