"""How do the API's doors ask for a key, and for which scope?

    class Links(ScopedView, generics.ListAPIView[Link]):
        scopes = {"GET": "links:read", "POST": "links:write"}

Whatever a class answers stands in `scopes`, or the class is not made: no door is left open by being forgotten.
`ANYBODY` says that a method asks for no key. Behind the door `key_behind(request)` says who it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.cache import patch_cache_control, patch_vary_headers
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.exceptions import APIException, NotAuthenticated, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from partners.by_key import SCHEME, ByKey
from partners.models import ApiKey
from partners.scopes import SCOPES

ANYBODY = ""
_ASKED_BY_ANYBODY = frozenset({"HEAD", "OPTIONS", "TRACE"})


def key_behind(request: Request) -> ApiKey | None:
    """The key that was sent and fits; None for anybody."""
    return request.auth if isinstance(request.auth, ApiKey) else None


class ScopeMissing(PermissionDenied):
    """403 that names the scope, in words and in the header that RFC 6750 has for it."""

    def __init__(self, scope: str) -> None:
        super().__init__(f"This key lacks the scope “{scope}”: {SCOPES[scope].title.lower()}.")
        self.auth_header = f'{SCHEME} error="insufficient_scope", scope="{scope}"'


class NeedsScope(BasePermission):
    """The scope that the door names for this method."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        assert isinstance(view, ScopedView)
        scope = view.scope_of(str(request.method))
        if scope == ANYBODY:
            return True
        key = key_behind(request)
        if key is None:
            raise NotAuthenticated(
                f"This asks for a key with the scope “{scope}”, sent as “Authorization: {SCHEME} <the key>”."
            )
        if scope not in key.scopes:
            raise ScopeMissing(scope)
        return True


class ScopedView(APIView):
    """A door of which some methods, or all, ask for a key with a scope."""

    scopes: ClassVar[Mapping[str, str]] = {}
    authentication_classes = (ByKey,)
    permission_classes = (NeedsScope,)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        answered = {name.upper() for name in cls.http_method_names if hasattr(cls, name)}
        if unnamed := answered - _ASKED_BY_ANYBODY - set(cls.scopes):
            raise TypeError(f"{cls.__name__}.scopes does not say which scope {', '.join(sorted(unnamed))} needs.")
        if unknown := set(cls.scopes.values()) - {ANYBODY, *SCOPES}:
            raise TypeError(f"{cls.__name__} asks for scopes that partners/scopes.py does not know: {unknown}.")

    @classmethod
    def scope_of(cls, method: str) -> str:
        """What `method` asks for. A HEAD is a GET without its body; what is not answered is refused without a scope."""
        return cls.scopes.get("GET" if method == "HEAD" else method, ANYBODY)

    def check_permissions(self, request: Request) -> None:
        """As DRF's; a refusal is counted like an answer."""
        try:
            super().check_permissions(request)
        except APIException:
            self.check_throttles(request)
            raise

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Response:
        """What a key opens is for its owner alone: no cache on the way keeps it for others."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if self.scope_of(str(request.method)) != ANYBODY:
            patch_cache_control(answer, private=True, no_cache=True)
            patch_vary_headers(answer, ["Authorization"])
        return answer


class ByKeyInTheSchema(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """What the OpenAPI document says of keys. Since 3.1 a requirement may name scopes for keys, too."""

    target_class = ByKey
    name = "key"

    def get_security_requirement(self, auto_schema: Any) -> Any:
        scope = auto_schema.view.scope_of(auto_schema.method) if isinstance(auto_schema.view, ScopedView) else ANYBODY
        # A door for everybody takes a key too: its owner is counted by the key.
        return {self.name: [scope]} if scope != ANYBODY else [{self.name: []}, {}]

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "http",
            "scheme": SCHEME.lower(),
            "bearerFormat": "earmark_…",
            "description": "A key with scopes, handed out by the site's desk.",
        }


def say_scopes(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """A hook of drf-spectacular: each operation says in words which scope it asks for."""
    for methods in result["paths"].values():
        for operation in methods.values():
            asked = [scope for one in operation.get("security", ()) for scope in one.get(ByKeyInTheSchema.name, ())]
            for scope in asked:
                words = f"Asks for a key with the scope `{scope}`: {SCOPES[scope].title.lower()}."
                operation["description"] = f"{operation.get('description', '')}\n\n{words}".strip()
    return result
