from typing import Any

from csp.middleware import CSPMiddleware, PolicyParts
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class CompressionMiddleware(GZipMiddleware):
    """Compresses text, and leaves pictures and documents, which are compressed already."""

    COMPRESSIBLE = (
        "text/",
        "application/json",
        "application/manifest+json",
        "application/xml",
        "application/atom+xml",
        "application/rss+xml",
    )

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Compress by the kind of content."""
        if not response.get("Content-Type", "").startswith(self.COMPRESSIBLE):
            return response
        return super().process_response(request, response)


class ContentSecurityPolicyMiddleware(CSPMiddleware):
    """Sends the strict policy with every public page, and the admin's own policy with the admin."""

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        """Choose the policy by address: the admin's templates are Wagtail's, not ours."""
        parts: PolicyParts = super().get_policy_parts(request, response, report_only)
        if not report_only and request.path_info.startswith(settings.ADMIN_URL_PREFIX):
            policy: dict[str, Any] = settings.ADMIN_CONTENT_SECURITY_POLICY
            parts.config = policy
        return parts
