"""A back end of one product of Longline, in one file. Python 3.8 or newer, no other package.

    back_end = BackEnd(["http://127.0.0.1:7200"], "demo", "demo-secret")
    back_end.send("u1001", "hello", options={"ttl_s": 60})

Calls block, and any thread may call. What is answered 429, 502, 503 or 504, or not at all within 16 s, is tried again after
the time that the answer names, at the next center, until the patience ends; every message gets an id first, so that no
repetition sends it twice.
"""

import base64
import hashlib
import hmac
import http.client
import json
import random
import re
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

_CONNECT_S = 5
_ATTEMPT_S = 16  # a send with wait_ms may take 10 s, and 5 s for its own work
_AGAIN = (429, 502, 503, 504)  # 502 and 504 are of what stands before a center
_FIRST_PAUSE_S = 0.1
_LONGEST_PAUSE_S = 5
_SIGNED_WITHIN_S = 300


class Refused(Exception):
    """Something was refused, and trying again would not help, or did not within the patience."""

    def __init__(self, status, error):
        self.status = status
        self.reason = error.get("reason", "UNKNOWN")
        self.details = error.get("details", [])
        super().__init__("%d %s: %s" % (status, self.reason, error.get("message", "")))


class BackEnd:
    def __init__(self, centers, product, secret, patience_s=30):
        """centers: http://HOST:7200 of each, or of what stands before them; secret: an API secret of the product."""
        if not centers:
            raise ValueError("no center is given")
        self._centers = [center.rstrip("/") for center in centers]
        credentials = "%s:%s" % (product, secret)
        self._authorization = "Basic " + base64.b64encode(credentials.encode()).decode()
        self._patience_s = patience_s

    def send(self, user, payload, device=None, message_id=None, options=None):
        """To all devices of a user, or to one. payload: text, anything that is JSON, or bytes."""
        target = {"user": user} if device is None else {"user": user, "device": device}
        return self.call("POST", "/v1/messages:send", _message({"target": target}, payload, message_id, options))

    def multicast(self, users, payload, message_id=None, options=None):
        """One message to at most 1,000 users."""
        targets = {"targets": [{"user": user} for user in users]}
        return self.call("POST", "/v1/messages:multicast", _message(targets, payload, message_id, options))

    def batch(self, messages):
        """Whole bodies of :send, at most 500; each has its answer or its error at its place."""
        with_ids = [dict(message, message_id=message.get("message_id") or str(uuid.uuid4())) for message in messages]
        return self.call("POST", "/v1/messages:batch", {"messages": with_ids})

    def message(self, message_id):
        """What became of a message."""
        return self.call("GET", "/v1/messages/" + _segment(message_id))

    def recall(self, message_id):
        """Recalls it, and answers what became of it."""
        return self.call("DELETE", "/v1/messages/" + _segment(message_id))

    def send_to_topic(self, topic, payload, message_id=None, options=None):
        """To all who follow a topic; the answer has its offset."""
        return self.call("POST", "/v1/topics/" + _segment(topic) + ":send", _message({}, payload, message_id, options))

    def follow(self, user, topic):
        """All devices of a user, also those to come, follow a topic from now on."""
        self.call("PUT", _following(user, topic))

    def unfollow(self, user, topic):
        """They follow it no longer."""
        self.call("DELETE", _following(user, topic))

    def broadcast(self, payload, topic=None, rate_per_s=None, canary_permille=None, message_id=None, options=None,
                  bytes_per_s=None):
        """To everybody, at most rate_per_s a second, or bytes_per_s of them; with a canary first to so many of 1,000.

        The answer has the job_id."""
        body = _given(topic=topic, rate_per_s=rate_per_s, bytes_per_s=bytes_per_s, canary_permille=canary_permille)
        return self.call("POST", "/v1/broadcasts", _message(body, payload, message_id, options))

    def job(self, job_id):
        """How far a broadcast, or a message to a list, has come."""
        return self.call("GET", "/v1/jobs/" + _segment(job_id))

    def change_job(self, job_id, state=None, rate_per_s=None, canary_permille=None, bytes_per_s=None):
        """state: running, paused or cancelled. What is left out stays as it is. Answers the job."""
        change = _given(state=state, rate_per_s=rate_per_s, bytes_per_s=bytes_per_s, canary_permille=canary_permille)
        return self.call("PATCH", "/v1/jobs/" + _segment(job_id), change)

    def user(self, user):
        """Devices, who is online, and what waits."""
        return self.call("GET", "/v1/users/" + _segment(user))

    def token(self, user, ttl_s=3600):
        """A token with which a client of this user may bind."""
        return self.call("POST", "/v1/tokens", {"user": user, "ttl_s": ttl_s})["token"]

    def call(self, method, path, body=None):
        """Any request; path with its query, encoded. Raises Refused, or OSError where no center answered."""
        end = time.monotonic() + self._patience_s
        pause_s = _FIRST_PAUSE_S
        attempt = random.randrange(len(self._centers))
        while True:
            wait_s = pause_s
            limit_s = max(0.001, min(_ATTEMPT_S, end - time.monotonic()))
            try:
                status, answer = self._exchange(
                    self._centers[attempt % len(self._centers)] + path, method, body, limit_s
                )
                if status // 100 == 2:
                    return answer
                failure = Refused(status, answer)
                if status not in _AGAIN:
                    raise failure
                wait_s = answer.get("retry_after_ms", pause_s * 1000) / 1000
            except (OSError, http.client.HTTPException) as e:
                failure = e if isinstance(e, OSError) else OSError(repr(e))
            wait_s *= random.uniform(1, 1.25)
            if time.monotonic() + wait_s > end:
                raise failure
            time.sleep(wait_s)
            pause_s = min(2 * pause_s, _LONGEST_PAUSE_S)
            attempt += 1

    def _exchange(self, url, method, body, limit_s):
        """The status, and the answer or what it says of the error. The limit is that of each silence."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data, {"Authorization": self._authorization}, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        try:
            with _OPENER.open(request, timeout=limit_s) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, _error(answer.read())


class _Connecting:
    """Waits for a connection no longer than for one, and then for answers as long as it is told."""

    def connect(self):
        limit_s, self.timeout = self.timeout, min(self.timeout, _CONNECT_S)
        super().connect()
        self.sock.settimeout(limit_s)


class _Http(_Connecting, http.client.HTTPConnection):
    pass


class _Https(_Connecting, http.client.HTTPSConnection):
    pass


class _HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(_Http, request)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request):
        return self.do_open(_Https, request)


_OPENER = urllib.request.build_opener(_HttpHandler, _HttpsHandler)


def is_genuine(signature, body, secret, now=None):
    """Whether a callback comes from Longline, and not from somebody who repeats an old one.

    signature: the header Longline-Signature; body: as it came, in bytes; secret: of the callback.
    """
    parts = re.fullmatch(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", signature)
    if not parts or abs((time.time() if now is None else now) - int(parts[1])) > _SIGNED_WITHIN_S:
        return False
    expected = hmac.new(secret.encode(), parts[1].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, parts[2])


def _message(body, payload, message_id, options):
    if isinstance(payload, bytes):
        body["payload_base64"] = base64.b64encode(payload).decode()
    else:
        body["payload"] = payload
    body["message_id"] = message_id or str(uuid.uuid4())
    if options:
        body["options"] = options
    return body


def _given(**fields):
    return {name: value for name, value in fields.items() if value is not None}


def _following(user, topic):
    return "/v1/users/" + _segment(user) + "/topics/" + _segment(topic)


def _segment(text):
    return urllib.parse.quote(text, safe="")


def _error(body):
    """What stands before a center may answer with no JSON."""
    try:
        return json.loads(body).get("error", {})
    except (ValueError, AttributeError):
        return {}
