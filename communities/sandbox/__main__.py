"""python -m communities.sandbox --port 8001 --smtp-port 1025 --callback http://127.0.0.1:8000"""

import argparse
import os
import signal
import sys
from pathlib import Path

from communities.sandbox.box import Box
from communities.sandbox.callbacks import Callbacks
from communities.sandbox.gateway import Gateway
from communities.sandbox.mail import mail_server


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m communities.sandbox")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--smtp-port", type=int, help="a mail server too, on 127.0.0.1")
    parser.add_argument("--callback", default="", help="where Redvest answers; delivery reports go there")
    parser.add_argument("--accounts", type=Path, help="demo.json, for the authenticator")
    parser.add_argument("--file", type=Path, help="keeps what was sent across restarts")
    parser.add_argument("--delay", type=float, default=1.0, help="seconds until a delivery report")
    return parser.parse_args()


def main() -> None:
    chosen = options()
    secret = os.environ.get("SMS_GATEWAY_SECRET") or sys.exit("SMS_GATEWAY_SECRET is not set.")
    box = Box(chosen.file)
    callbacks = Callbacks(chosen.callback, secret, delay=chosen.delay) if chosen.callback else None
    mail = mail_server(box, "127.0.0.1", chosen.smtp_port) if chosen.smtp_port else None
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Gateway((chosen.host, chosen.port), box, secret, callbacks, chosen.accounts) as gateway:
            if mail:
                mail.start()
            gateway.serve_forever(poll_interval=0.2)
    except KeyboardInterrupt:
        pass
    finally:
        if mail and mail.server:
            mail.stop()
        box.close()


if __name__ == "__main__":
    main()
