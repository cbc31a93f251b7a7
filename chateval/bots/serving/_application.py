"""The Serve application: a front, and a deployment for each bot."""

from collections.abc import Sequence
from typing import Any

from chateval.bots.serving._front import Front
from chateval.bots.serving._replica import DeployedReplica, Hosted
from chateval.bots.serving._scale import Scale

NAME = "chateval"
_FRONT = "front"
_ROUTER = "ray.serve.experimental.consistent_hash_router:ConsistentHashRouter"
_LOOK_SECONDS, _LOOK_BACK_SECONDS = 2.0, 10.0
_UPSCALE_SECONDS, _DOWNSCALE_SECONDS = 5.0, 300.0
_MAX_QUEUED = 10_000


def application(hosted: Sequence[Hosted], scale: Scale, key_digest: str) -> Any:
    """What `serve.run` takes."""
    from ray import serve  # noqa: PLC0415  (takes seconds)

    handles = {one.name: _deployment(one, scale) for one in hosted}
    front = serve.deployment(serve.ingress()(Front)).options(
        name=_FRONT,
        max_ongoing_requests=_MAX_QUEUED,
        ray_actor_options={"num_cpus": 0},
        graceful_shutdown_wait_loop_s=0.1,
        graceful_shutdown_timeout_s=2,
    )
    return front.bind(handles, key_digest)


def deployment_name(bot: str) -> str:
    return f"bot-{bot}"


def bot_of(deployment: str) -> str:
    """The bot's name, or nothing for the front."""
    return deployment.removeprefix("bot-") if deployment != _FRONT else ""


def _deployment(hosted: Hosted, scale: Scale) -> Any:
    from ray import serve  # noqa: PLC0415  (takes seconds)
    from ray.serve.config import RequestRouterConfig  # noqa: PLC0415  (takes seconds)

    deployment = serve.deployment(DeployedReplica).options(
        name=deployment_name(hosted.name),
        max_ongoing_requests=scale.concurrent + scale.waiting,
        max_queued_requests=_MAX_QUEUED,
        ray_actor_options={"num_cpus": scale.cpus, "num_gpus": scale.gpus},
        # Dialogues keep to a replica: a model that holds the state of a dialogue need not read it anew.
        request_router_config=RequestRouterConfig(request_router_class=_ROUTER),
        max_constructor_retry_count=1,
        graceful_shutdown_wait_loop_s=0.1,
        graceful_shutdown_timeout_s=5,
        health_check_period_s=2,
        **_count(scale),
    )
    return deployment.bind(hosted)


def _count(scale: Scale) -> dict[str, Any]:
    from ray.serve.config import AutoscalingConfig  # noqa: PLC0415  (takes seconds)

    if scale.min_replicas == scale.max_replicas:
        return {"num_replicas": scale.min_replicas}
    autoscaling = AutoscalingConfig(
        min_replicas=scale.min_replicas,
        max_replicas=scale.max_replicas,
        target_ongoing_requests=max(1, scale.concurrent / 2),
        metrics_interval_s=_LOOK_SECONDS,
        look_back_period_s=_LOOK_BACK_SECONDS,
        upscale_delay_s=_UPSCALE_SECONDS,
        downscale_delay_s=_DOWNSCALE_SECONDS,
    )
    return {"autoscaling_config": autoscaling}
