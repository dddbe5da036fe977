"""What Repliek's engine uses of Ray, an option that need not be installed."""

def init(
    address: str | None = None,
    *,
    num_cpus: int | None = None,
    include_dashboard: bool | None = None,
    log_to_driver: bool | None = None,
    logging_level: int | str = "info",
) -> object: ...
def cluster_resources() -> dict[str, float]: ...
def shutdown() -> None: ...
