import http.client
import math
import socket
import ssl
import time
from collections import Counter
from urllib.parse import SplitResult, urljoin, urlsplit

from base.network import is_public

from .errors import UnreadableError

REDIRECTS = 5
FAILURES = 3
SECONDS_FOR_AN_ANSWER = 5
SECONDS_IN_ALL = 60
CHUNK = 65_536
PORTS = {"http": 80, "https": 443}
MOVED = {301, 302, 303, 307, 308}
HEADERS = {"User-Agent": "Mozilla/5.0 (compatible; post import)", "Accept-Encoding": "identity"}


class TooSlowError(UnreadableError):
    """A site that sends, but not in time."""


class Fetcher:
    """Fetches what is on the public web, and nothing from the network that the site stands in.

    Every address is looked up once, and the connection goes to the number that was checked; every
    redirect is checked again.
    """

    def __init__(self, *, allow_private: bool = False, patience: float = math.inf) -> None:
        """`patience` is how many seconds one address may take, if that is less than usual."""
        self.allow_private = allow_private
        self.patience = patience
        self.failures: Counter[str] = Counter()

    def get(self, address: str, max_bytes: int) -> tuple[bytes, str]:
        """Return what is at an address, and the address that it was found at in the end.

        Raises UnreadableError, in words for staff, for whatever goes wrong.
        """
        until = time.monotonic() + min(SECONDS_IN_ALL, self.patience)
        try:
            for _ in range(REDIRECTS + 1):
                parts = self._checked(address)
                answer = self._ask(parts, max_bytes, until)
                if isinstance(answer, bytes):
                    return answer, address
                address = urljoin(address, answer)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise UnreadableError(f"It cannot be reached: {error}.") from error
        raise UnreadableError("It sends from one address to the next without end.")

    def _checked(self, address: str) -> SplitResult:
        parts = urlsplit(address)
        if parts.scheme not in PORTS or not parts.hostname:
            raise UnreadableError("It is not an address that begins with http or https.")
        return parts

    def _ask(self, parts: SplitResult, max_bytes: int, until: float) -> bytes | str:
        """Return the content, or the address to go on to, of a host that is worth asking."""
        host = str(parts.hostname)
        if self.failures[host] >= FAILURES:
            raise UnreadableError(f"{host} failed {FAILURES} times and is not asked again.")
        try:
            return self._get_once(parts, max_bytes, until)
        except (OSError, http.client.HTTPException, TooSlowError):
            self.failures[host] += 1
            raise

    def _get_once(self, parts: SplitResult, max_bytes: int, until: float) -> bytes | str:
        host = str(parts.hostname)
        port = parts.port or PORTS[parts.scheme]
        connection = http.client.HTTPConnection(host, port)
        connection.sock = self._connect(host, port)
        try:
            if parts.scheme == "https":
                context = ssl.create_default_context()
                connection.sock = context.wrap_socket(connection.sock, server_hostname=host)
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", _quoted(path), headers=HEADERS | {"Host": parts.netloc})
            response = connection.getresponse()
            if response.status in MOVED:
                return response.getheader("Location") or ""
            if response.status != http.client.OK:
                raise UnreadableError(f"It answers {response.status}.")
            return self._read(response, max_bytes, until)
        finally:
            connection.close()

    def _read(self, response: http.client.HTTPResponse, max_bytes: int, until: float) -> bytes:
        content = bytearray()
        while chunk := response.read1(CHUNK):
            content += chunk
            if len(content) > max_bytes:
                raise UnreadableError(f"It is larger than {max_bytes // 1_048_576} MB.")
            if time.monotonic() > until:
                raise TooSlowError("It takes too long to answer.")
        return bytes(content)

    def _connect(self, host: str, port: int) -> socket.socket:
        """Connect to the first public number of a host."""
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        numbers = [str(info[4][0]) for info in found]
        private = [number for number in numbers if not self._may_reach(number)]
        if private or not numbers:
            raise UnreadableError(f"{host} is not on the public web, so nothing is fetched there.")
        return socket.create_connection((numbers[0], port), SECONDS_FOR_AN_ANSWER)

    def _may_reach(self, number: str) -> bool:
        return self.allow_private or is_public(number)


def _quoted(path: str) -> str:
    return "".join(
        letter if "!" <= letter <= "~" else "".join(f"%{byte:02X}" for byte in letter.encode())
        for letter in path
    )
