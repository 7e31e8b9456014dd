"""Figures for Prometheus."""

from fastapi import APIRouter, Request, Response

from api.web.metrics import MEDIA_TYPE, Metrics
from api.web.parts import services_of

router = APIRouter(tags=["service"])


@router.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
def show_metrics(request: Request) -> Response:
    """Requests by route, and how far the chain is followed."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(services_of(request).read_model), media_type=MEDIA_TYPE)
