"""The service behind the unsubscribe links.

A GET shows a page and changes nothing: mail filters and previews follow links. A POST stops
the mail, whether it comes from the page's button or from a mail program (RFC 8058).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from starlette.concurrency import run_in_threadpool

from contracts.errors import MailwrightError
from interface.http.pages import Page, load_pages
from interface.http.service import UnsubscribeService

__all__ = ["create_app"]

_LONGEST_TOKEN = 1000
_LARGEST_BODY = 16_384  # bytes; a mail program sends some 30
# RFC 8058, 3.1: the pair as a form, urlencoded or multipart.
_ONE_CLICK = (b"List-Unsubscribe=One-Click", b'name="List-Unsubscribe"\r\n\r\nOne-Click')


def create_app(service: UnsubscribeService) -> FastAPI:
    """The HTTP application: `/u/{token}` and `/health`. Sets no cookies, redirects nowhere,
    loads nothing from elsewhere, and answers every wrong token alike."""
    pages = load_pages()
    app = FastAPI(title="Mailwright", docs_url=None, redoc_url=None, openapi_url=None)
    policy = (
        f"default-src 'none'; style-src '{pages.style_hash}'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )

    def shown(page: Page, request: Request, status: int, language: str = "") -> HTMLResponse:
        chosen = pages.language(language, *_accepted(request.headers.get("accept-language", "")))
        return HTMLResponse(
            pages.render(page, chosen), status, headers={"Content-Language": chosen}
        )

    @app.middleware("http")
    async def guard(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        response = await call_next(request)
        response.headers.update(
            {
                "Cache-Control": "no-store",
                "Content-Security-Policy": policy,
                "Referrer-Policy": "no-referrer",
                "X-Content-Type-Options": "nosniff",
                "X-Robots-Tag": "noindex, nofollow",
            }
        )
        return response

    @app.exception_handler(404)
    async def missing(request: Request, error: Exception) -> Response:
        del error
        return shown(Page.MISSING, request, 404)

    @app.exception_handler(MailwrightError)
    async def failed(request: Request, error: MailwrightError) -> Response:
        del error
        return shown(Page.FAILED, request, 503)

    @app.api_route("/health", methods=["GET", "HEAD"])
    async def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.api_route("/u/{token}", methods=["GET", "HEAD"])
    async def ask(request: Request, token: str) -> Response:
        ticket = None
        if len(token) <= _LONGEST_TOKEN:
            ticket = await run_in_threadpool(service.check, token)
        if ticket is None:
            return shown(Page.MISSING, request, 404)
        return shown(Page.ASK, request, 200, ticket.language)

    @app.post("/u/{token}")
    async def stop(request: Request, token: str) -> Response:
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large\n", 413)
        ticket = None
        if len(token) <= _LONGEST_TOKEN:
            ticket = await run_in_threadpool(service.check, token)
        if ticket is None or not await run_in_threadpool(service.unsubscribe, token):
            return shown(Page.MISSING, request, 404)
        if any(pair in body for pair in _ONE_CLICK):
            return PlainTextResponse("unsubscribed\n")
        return shown(Page.DONE, request, 200, ticket.language)

    return app


async def _body(request: Request) -> bytes | None:
    """The body of a request, None for one that is too large to be a form of ours."""
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > _LARGEST_BODY:
            return None
    return body


def _accepted(header: str) -> list[str]:
    """Languages of an Accept-Language header in the order written, weights left aside."""
    return [part.split(";")[0].strip() for part in header[:500].split(",") if part.strip()]
