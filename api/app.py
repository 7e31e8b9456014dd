"""The application: routers over the parts behind them, problem details for whatever goes wrong."""

from importlib.metadata import version

from fastapi import APIRouter, FastAPI
from fastapi.middleware.cors import CORSMiddleware
from fastapi.routing import APIRoute

from api.limits import BodyLimit
from api.problems import add_handlers
from api.routers import (
    accounts,
    adhesion,
    auth,
    communities,
    energy,
    evidence,
    explorer,
    health,
    history,
    incentives,
    live,
    measurement,
    metrics,
    network,
    operators,
    receipts,
    services,
    sessions,
    tokens,
)
from api.services import Services
from api.web.fresh import add_not_modified
from api.web.headers import SecurityHeaders
from api.web.metrics import Measured, Metrics
from api.web.openapi import describe
from api.web.rates import ClientRates
from commons.settings import Settings

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    auth.router,
    network.router,
    communities.router,
    adhesion.router,
    accounts.router,
    sessions.router,
    receipts.router,
    evidence.router,
    energy.router,
    operators.router,
    services.router,
    incentives.router,
    tokens.router,
    history.router,
    explorer.router,
    live.router,
    metrics.router,
    measurement.router,
)


def create_app(settings: Settings, services: Services | None = None) -> FastAPI:
    """The API of one installation. It holds no key that can move a member's funds."""
    app = FastAPI(
        title="Commonwatt",
        version=version("commonwatt"),
        description="Energy communities, read from the chain. Amounts are decimal text; counts and times are numbers.",
        docs_url=None,
        redoc_url=None,
        openapi_url="/openapi.json",
        generate_unique_id_function=_operation_name,
        separate_input_output_schemas=False,
    )
    app.state.settings = settings
    app.state.services = services or Services()
    app.state.flow_rates = measurement.Rates()
    app.state.metrics = Metrics()
    _add_middleware(app, settings)
    add_handlers(app)
    add_not_modified(app)
    for router in ROUTERS:
        app.include_router(router)
    page = app.state.services.page
    if page is not None:
        app.add_route("/{path:path}", page.answer, methods=["GET", "HEAD"], include_in_schema=False)
    describe(app)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """The innermost first: limits, other origins where the settings name them, headers, figures."""
    app.add_middleware(BodyLimit)
    app.add_middleware(ClientRates)
    if settings.api_cors:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=list(settings.api_cors),
            allow_methods=["GET", "POST", "PUT", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "If-None-Match", "Last-Event-ID"],
            expose_headers=["ETag", "Retry-After"],
            max_age=600,
        )
    app.add_middleware(SecurityHeaders, origin=settings.api_origin)
    app.add_middleware(Measured, metrics=app.state.metrics)


def _operation_name(route: APIRoute) -> str:
    """What clients that are generated call the operation."""
    return route.name
