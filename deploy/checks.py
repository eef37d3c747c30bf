"""What must be true before anything is started; each failure is one line."""

import socket
from collections.abc import Mapping

import psycopg
import redis

from deploy.progress import StartError

OLDEST_POSTGRES = 150000


def port(given: str) -> int:
    if not (given.isdecimal() and 0 < int(given) < 65536):
        raise StartError(f"PORT must be a number from 1 to 65535, not {given!r}.")
    return int(given)


def port_is_free(host: str, number: int) -> None:
    try:
        listener(host, number).close()
    except OSError as error:
        raise StartError(
            f"Cannot listen on {host}:{number}: {error.strerror}. Choose another: make run PORT={number + 10}"
        ) from None


def listener(host: str, number: int) -> socket.socket:
    """Bound as a server would be: a port in TIME_WAIT is free, one with a listener is not."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    probe = socket.socket(family)
    try:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, number))
        probe.listen(1)
    except OSError:
        probe.close()
        raise
    return probe


def database(url: str) -> None:
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version
    except psycopg.ProgrammingError as error:
        raise StartError(f"DATABASE_URL cannot be read: {first_line(error)}") from None
    except psycopg.Error as error:
        raise StartError(f"The database of DATABASE_URL cannot be reached: {first_line(error)}") from None
    if version < OLDEST_POSTGRES:
        raise StartError(f"The database of DATABASE_URL is PostgreSQL {version // 10000}; Redvest needs 15 or newer.")


def broker(url: str) -> None:
    try:
        client = redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=5)
    except (ValueError, TypeError) as error:
        raise StartError(f"REDIS_URL cannot be read: {first_line(error)}") from None
    try:
        client.ping()
    except redis.RedisError as error:
        raise StartError(f"The server of REDIS_URL cannot be reached: {first_line(error)}") from None
    finally:
        client.close()


def given_servers(environment: Mapping[str, str]) -> None:
    if url := environment.get("DATABASE_URL"):
        database(url)
    if url := environment.get("REDIS_URL"):
        broker(url)


def first_line(error: Exception) -> str:
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[0] if lines else type(error).__name__
