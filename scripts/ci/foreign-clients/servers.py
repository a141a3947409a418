"""Starts the simulator and moto as processes of their own, and ends them."""

import json
import os
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
ACCOUNT = "123456789012"
REGION = "us-east-1"


def request(method, url, body=None, headers=None):
    """One HTTP exchange; a status that is an error is raised."""
    asked = urllib.request.Request(url, data=body, method=method, headers=headers or {})
    with urllib.request.urlopen(asked, timeout=30) as answer:
        return answer.status, dict(answer.headers), answer.read()


class Simulator:
    """The simulator from the command line, in virtual time."""

    def __init__(self, environment):
        self.environment = environment
        self.url = environment["AWS_ENDPOINT_URL"]

    def pass_seconds(self, seconds):
        body = json.dumps({"ms": seconds * 1000}).encode()
        request("POST", self.url + "/_simulator/clock/advance", body)

    def oidc_token(self):
        url = self.environment["ACTIONS_ID_TOKEN_REQUEST_URL"] + "&audience=sts.amazonaws.com"
        bearer = "Bearer " + self.environment["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
        _, _, body = request("GET", url, headers={"Authorization": bearer})
        return json.loads(body)["value"]


@contextmanager
def simulator(*options):
    argv = ["node", "scripts/node24.mjs", "simulator/main.ts", "--port", "0", "--clock", "virtual"]
    child = subprocess.Popen([*argv, *options], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        yield Simulator(_exports(child.stdout))
    finally:
        _end(child)


def _exports(lines):
    """What the simulator prints to be exported, up to its last line."""
    found = {}
    for line in lines:
        if line.startswith("export "):
            name, value = line[len("export ") :].rstrip("\n").split("=", 1)
            found[name] = value.strip("'")
        if "Ctrl-C" in line:
            return found
    raise RuntimeError("the simulator did not start")


@contextmanager
def moto(port):
    argv = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    child = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        _await(url + "/moto-api/")
        yield url
    finally:
        _end(child)


def _await(url):
    deadline = time.monotonic() + 60
    while True:
        try:
            request("GET", url)
            return
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def _end(child):
    child.terminate()
    if child.stdout is not None:
        child.stdout.close()
    try:
        child.wait(timeout=20)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
