"""Where does an editor bring in a network's report file: upload, trial run, store?"""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from catalog.admin.readonly import ReadOnlyAdmin
from catalog.models import NetworkAccount, ReportFile
from catalog.models.conversion import network_choices
from catalog.networks.reports import REPORTS
from catalog.services.report_files import UploadError, statements_done, store_later, take_file
from catalog.tasks import read_report_file, store_report_file

State = ReportFile.State
MOVING = (State.WAITING, State.QUEUED, State.STORING)


class UploadForm(forms.Form):
    account = forms.ModelChoiceField(NetworkAccount.objects.none(), help_text="Whose report it is.")
    file = forms.FileField(label="File")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = dict(network_choices())
        with_files = {key: reports for key, reports in REPORTS.items() if reports.files}
        self.networks = [labels.get(key, key) for key in with_files]
        self.accounts = NetworkAccount.objects.filter(network__in=with_files)
        cast("forms.ModelChoiceField[NetworkAccount]", self.fields["account"]).queryset = self.accounts
        self.fields["file"].help_text = " ".join(
            f"{labels.get(key, key)}: {', '.join(reports.files)}. {reports.file_help}"
            for key, reports in with_files.items()
        )


@admin.register(ReportFile)
class ReportFileAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "account", "file_name", "state", "created_by", "finished_at"]
    list_filter = ["state", "account"]
    list_select_related = ["account"]
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm("catalog.add_reportfile"))

    def get_urls(self) -> list[URLPattern]:
        store = self.admin_site.admin_view(require_POST(self.store_view))
        return [path("<int:pk>/store/", store, name="catalog_reportfile_store"), *super().get_urls()]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None, initial={"account": request.GET.get("account")})
        if request.method == "POST" and form.is_valid():
            upload = form.cleaned_data["file"]
            try:
                made = take_file(
                    account=form.cleaned_data["account"],
                    name=upload.name,
                    content=upload,
                    size=upload.size,
                    by=request.user.get_username(),
                    now=timezone.now(),
                )
            except UploadError as error:
                form.add_error("file", str(error))
            else:
                read_report_file.delay_on_commit(made.pk)  # type: ignore[attr-defined]
                return redirect("admin:catalog_reportfile_change", made.pk)
        context = {
            **self.admin_site.each_context(request),
            "title": "Upload a report",
            "form": form,
            "opts": self.opts,
            "has_accounts": form.accounts.exists(),
        }
        return TemplateResponse(request, "admin/catalog/reportfile/upload.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        report_file = get_object_or_404(ReportFile.objects.select_related("account"), pk=object_id)
        if not self.has_view_permission(request, report_file):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"Report {report_file.file_name}",
            "opts": self.opts,
            "file": report_file,
            "report": report_file.report or None,
            "is_moving": report_file.state in MOVING,
            "done": statements_done(report_file) if report_file.state == State.STORING else 0,
            "may_store": report_file.state == State.READ
            and bool(report_file.report.get("statements_new"))
            and self.has_add_permission(request),
        }
        return TemplateResponse(request, "admin/catalog/reportfile/file.html", context)

    def store_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        report_file = get_object_or_404(ReportFile, pk=pk)
        try:
            store_later(report_file=report_file)
        except UploadError as error:
            self.message_user(request, str(error), messages.WARNING)
        else:
            store_report_file.delay_on_commit(pk)  # type: ignore[attr-defined]
        return redirect("admin:catalog_reportfile_change", pk)
