#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# flagwall-exporter: it shows what `counters` prints, to whoever asks in a way that HTTP
# allows, and to nobody else; it has no right to change anything.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
# shellcheck source=tests/lib/cli.sh
. "$TOP/tests/lib/cli.sh"

EXPORTER=${FLAGWALL_EXPORTER:-$BUILD/flagwall-exporter}
PORT=9979
OPEN='Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5'

metrics() {
	python "$TOP/tests/lib/metrics.py" "$@"
}

# said CODE FACT... -- ARGUMENT...: it exits with CODE and says one sentence that has every FACT.
said() {
	local code=$1 what facts=()

	shift
	while [ "$1" != -- ]; do
		facts+=("$1")
		shift
	done
	shift
	what="exporter $*"
	exits "$what" "$code" in_host timeout 5 "$EXPORTER" "$@"
	sed -i 's/^flagwall-exporter: /flagwall: /' "$WORK/stderr"
	check "$what: one sentence" sentence "${facts[@]}"
}

# start ARGUMENT...: on the host, in the background; pid is its process.
start() {
	nsenter --net="/run/netns/$HOST" "$@" 2>"$WORK/log" &
	pid=$!
	disown
	listening "$PORT"
}

# ask PATH [OPTION...]: the status of the answer, which goes to $WORK/answer and $WORK/headers.
ask() {
	local path=$1

	shift
	in_host curl -s -m 5 -o "$WORK/answer" -D "$WORK/headers" -w '%{http_code}' "$@" "http://127.0.0.1:$PORT$path"
}

# answered WHAT CODE PATH [OPTION...]
answered() {
	local what=$1 code=$2

	shift 2
	equal "$what" "$(ask "$@")" "$code"
}

# has HEADER VALUE: of the last answer.
has() {
	tr -d '\r' <"$WORK/headers" | grep -qixF "$1: $2"
}

# raw TEXT: the first line that comes back.
raw() {
	in_host "$PYTHON" -c 'import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
s.sendall(sys.argv[2].encode().decode("unicode_escape").encode("latin1"))
print(s.makefile("rb").readline().decode().strip())' "$PORT" "$1"
}

# status FIELD: of the exporter's process, as the kernel says it.
status() {
	awk -v name="$1:" '$1 == name { print $2 }' "/proc/$pid/status"
}

net_up
live_up

# --- how it is started
said 1 "'x'" 127.0.0.1 -- --listen x
said 1 "'127.0.0.1:65536'" -- --listen 127.0.0.1:65536
said 1 "'localhost:1'" -- --listen localhost:1
said 1 --listen -- --listen
said 1 "'--port'" --listen --netns -- --port 1
said 1 "'eth0'" -- eth0
said 2 203.0.113.9:1 "Cannot assign" -- --listen 203.0.113.9:1
said 2 "'nosuch'" -- --netns nosuch
exits "--version" 0 "$EXPORTER" --version
equal "--version: as the tool" "$(cat "$WORK/stdout")" "flagwall-exporter $(cat "$TOP/VERSION")"
filter_up native
exits "whoever may not see the pins is told so" 2 setpriv --reuid=65534 --clear-groups --inh-caps=-all "$EXPORTER"

# --- what it shows is what counters prints
start "$EXPORTER"
send 5 'ip/TCP(flags="SF")' 4 'ip/TCP(flags="S")' 3 'ip6/TCP(flags="PA")/b"data"' 2 'ip/UDP()' 6 'ip/TCP(flags="FPU")' >/dev/null
settle
for format in openmetrics prometheus; do
	in_host "$FLAGWALL" counters --format "$format" >"$WORK/printed.$format"
done
answered "/metrics" 200 /metrics
check "/metrics: the older format, where nothing is said" has Content-Type "text/plain; version=0.0.4; charset=utf-8"
check "/metrics: what counters prints" metrics same "$WORK/answer" "$WORK/printed.prometheus"
exits "/metrics: promtool check metrics" 0 promtool check metrics <"$WORK/answer"
answered "/metrics for Prometheus" 200 /metrics -H "$OPEN"
check "/metrics for Prometheus: OpenMetrics" has Content-Type "application/openmetrics-text; version=1.0.0; charset=utf-8"
check "/metrics for Prometheus: what counters prints" metrics same "$WORK/answer" "$WORK/printed.openmetrics"
equal "/metrics: SYN/FIN" "$(grep -c '^flagwall_dropped_packets_total{interface="eth0",hook="xdp",pattern="syn-fin"} 5$' "$WORK/answer")" 1
cp "$WORK/answer" "$WORK/before"
send 5 'ip/TCP(flags="SF")' >/dev/null
settle
check "a policy" in_host "$FLAGWALL" policy set eth0 strict
ask /metrics -H "$OPEN" >/dev/null
check "/metrics: what came since" metrics grown "$WORK/before" "$WORK/answer" flagwall_packets_total:syn-fin=5 flagwall_dropped_packets_total:syn-fin=5
equal "/metrics: the new policy" "$(grep -c '^flagwall_policy_info{.*policy="strict"' "$WORK/answer")" 1
answered "/healthz" 200 /healthz
equal "/healthz: ok" "$(cat "$WORK/answer")" ok
answered "/" 200 /
answered "HEAD" 200 /metrics -I
equal "HEAD: no body" "$(grep -c flagwall_ "$WORK/answer")" 0
equal "two requests, one connection" "$(in_host curl -s -o /dev/null -w '%{num_connects} ' \
	"http://127.0.0.1:$PORT/healthz" -o /dev/null "http://127.0.0.1:$PORT/healthz")" "1 0 "

# --- what it refuses
for method in POST PUT DELETE OPTIONS PATCH TRACE CONNECT get FOO; do
	answered "$method" 405 /metrics -X "$method"
	check "$method: which are allowed" has Allow "GET, HEAD"
done
answered "POST with a body" 405 /metrics -d x=1
answered "GET with a body" 400 /metrics -X GET -d x=1
answered "GET with chunks" 400 /metrics -X GET -H 'Transfer-Encoding: chunked' -d x=1
for path in /nosuch /metrics/ //metrics /metrics/../healthz /%6detrics%00 /favicon.ico; do
	answered "$path" 404 "$path" --path-as-is
done
answered "a question is no path" 200 '/metrics?a=b'
# A page from elsewhere whose name came to mean 127.0.0.1 asks by that name.
for host in rebound.example rebound.example:$PORT localhost.example 127.0.0.1.example '[::1' '[rebound.example]' 127.0.0.1:x ''; do
	equal "Host: $host" "$(raw "GET /status.json HTTP/1.1\\r\\nHost: $host\\r\\n\\r\\n" | cut -d' ' -f2)" 421
done
for host in localhost LOCALHOST:$PORT 127.0.0.1 127.0.0.2:1 '[::1]' "[::1]:$PORT"; do
	equal "Host: $host" "$(raw "GET /status.json HTTP/1.1\\r\\nHost: $host\\r\\n\\r\\n" | cut -d' ' -f2)" 200
done
equal "no Host" "$(raw 'GET /metrics HTTP/1.1\r\n\r\n' | cut -d' ' -f2)" 400
equal "a line that is too long" "$(raw "GET /$(printf 'a%.0s' {1..20000}) HTTP/1.1\\r\\nHost: a\\r\\n\\r\\n" | cut -d' ' -f2)" 414
listeners() {
	in_host ss -Hltn | awk '{ print $4 }' | grep ":$PORT"
}
equal "it listens on loopback alone" "$(listeners)" "127.0.0.1:$PORT"

# Clients that take for ever keep nobody out but themselves.
# Not by in_host: what is killed must be the program, not a shell around it.
nsenter --net="/run/netns/$HOST" "$PYTHON" -c 'import socket, sys, time
held = []
for _ in range(60):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
    s.sendall(b"GET /metrics HTTP/1.1\r\nHost: a")
    held.append(s)
print("held", flush=True)
while True:
    time.sleep(1)
    for s in held:
        try:
            s.sendall(b"a")
        except OSError:
            pass' "$PORT" >"$WORK/held" &
slow=$!
until grep -q held "$WORK/held"; do sleep 0.1; done
sleep 2
answered "slow clients: another address is answered" 200 /healthz --interface 127.0.0.2
kill "$slow"
wait "$slow" 2>/dev/null
answered "slow clients: gone, and it goes on" 200 /healthz --retry 5 --retry-all-errors

# --- what it may do
equal "one thread" "$(status Threads)" 1
equal "no capability but CAP_BPF" "$(status CapPrm) $(status CapBnd) $(status CapAmb)" \
	"0000008000000000 0000008000000000 0000000000000000"
equal "system calls are filtered" "$(status Seccomp) $(status NoNewPrivs)" "2 1"

# --- anything at all
seed=${SEED:-$((RANDOM * 32768 + RANDOM))}
memory=$(status VmRSS)
exits "broken requests (SEED=$seed)" 0 in_host "$PYTHON" "$TOP/tests/lib/http_fuzz.py" "$PORT" "${REQUESTS:-1500}" "$seed"
sed 's/^/# /' "$WORK/stdout" "$WORK/stderr"
answered "broken requests: it answers as before" 200 /healthz
[ -n "${FLAGWALL_EXPORTER:-}" ] || between "broken requests: it keeps nothing (kB)" "$(status VmRSS)" 0 $((memory + 4096))
check "broken requests: the filter is as it was" in_host "$FLAGWALL" status --check eth0

# --- two interfaces change names: a series goes by its name, and says since when its filter is there
in_host ip link add fwother type veth peer name fwend
in_host ip link set fwother up
in_host "$FLAGWALL" attach fwother >/dev/null

# of_names NAME...: of the two, when the filter was attached and how many SYN/FIN it has.
of_names() {
	ask /metrics >/dev/null
	for name in "$@"; do
		sed -n "s/^flagwall_attached_timestamp_seconds{interface=\"$name\",hook=\"xdp\"} //p
			s/^flagwall_packets_total{interface=\"$name\",hook=\"xdp\",pattern=\"syn-fin\"} //p" "$WORK/answer"
	done | tr '\n' ' '
}

before=$(of_names fwother eth0)
in_host ip link set eth0 down
in_host ip link set fwother down
in_host ip link set eth0 name fwthird
in_host ip link set fwother name eth0
in_host ip link set fwthird name fwother
equal "another name: the filter's numbers and its time, together" "$(of_names eth0 fwother)" "$before"
check "another name: they were told apart by both" test "$(wc -w <<<"$before") $(tr ' ' '\n' <<<"$before" | sort -u | wc -w)" = "4 4"
in_host ip link set eth0 name fwthird
in_host ip link set fwother name eth0
in_host ip link del fwthird
in_host ip link set eth0 up

# --- filters come and go
exits "detach" 0 fw detach eth0
answered "nothing attached: /metrics" 200 /metrics -H "$OPEN"
equal "nothing attached: no filter" "$(grep -c '^flagwall_attached{' "$WORK/answer")" 0
check "nothing attached: it is OpenMetrics" metrics read "$WORK/answer"
kill "$pid"
gone() {
	local tries=50

	while kill -0 "$pid" 2>/dev/null; do
		[ $((tries -= 1)) -gt 0 ] || return 1
		sleep 0.1
	done
}
check "SIGTERM ends it" gone

# --- from another namespace, and with the rights of its unit
fw attach eth0 >/dev/null
start "$EXPORTER" --listen "127.0.0.1:$PORT" --netns "$HOST"
answered "--netns" 200 /metrics
equal "--netns: it is said in a label" "$(grep -c "^flagwall_attached{interface=\"eth0\",hook=\"xdp\",netns=\"$HOST\"} 1" "$WORK/answer")" 1
kill "$pid"
check "SIGTERM ends it again" gone
# As Kubernetes writes the address of a node that has IPv6.
start setpriv --bounding-set=-all,+bpf --inh-caps=-all "$EXPORTER" --listen "::1:$PORT"
equal "with CAP_BPF alone, at [::1]" "$(in_host curl -s -g -o /dev/null -w '%{http_code}' "http://[::1]:$PORT/metrics")" 200
kill "$pid"
check "SIGTERM ends it once more" gone
filter_down
