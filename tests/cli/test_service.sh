#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The systemd unit: installed whole, understood by systemd, and enough of a
# cage. Where systemd is PID 1 it is run; that machine gets the unit for as long
# as the test takes.

# shellcheck source=tests/lib/tap.sh
. "$(dirname "$0")/../lib/tap.sh"

P=$WORK/p
install_to() {
	make -s -C "$TOP" B="$BUILD" PREFIX="$P" SYSCONFDIR="$WORK/etc" install
}

check "install" install_to
unit=$P/lib/systemd/system/flagwall@.service
check "install: the unit is there" test -s "$unit"
check "install: nothing is left to fill in" bash -c "! grep -n '@[A-Z]*@' '$unit'"
check "install: the example is one of options" bash -c ". '$P/share/flagwall/example.conf' && [ -n \"\$OPTIONS\" ]"
# shellcheck disable=SC2016
exits "install: attach understands them" 2 bash -c '. "$1" && exec "$2" attach $OPTIONS -- nosuch' - \
	"$P/share/flagwall/example.conf" "$P/bin/flagwall"
for line in ExecStart ExecReload ExecStop; do
	program=$(sed -n "s/^$line=-\{0,1\}\([^ ]*\) .*/\1/p" "$unit")
	check "install: $line is what was installed" test -x "$program"
done
exits "uninstall" 0 make -s -C "$TOP" B="$BUILD" PREFIX="$P" SYSCONFDIR="$WORK/etc" uninstall
equal "uninstall: nothing is left" "$(find "$P" -type f)" ""

install_to
if command -v systemd-analyze >/dev/null; then
	cp "$unit" "$WORK/flagwall@eth0.service"
	exits "verify" 0 systemd-analyze verify --man=no "$WORK/flagwall@eth0.service"
	equal "verify: no complaint" "$(grep -c 'flagwall@' "$WORK/stderr")" 0
	cp "$P/lib/systemd/system/flagwall-exporter.service" "$WORK/"
	exits "exporter: verify" 0 systemd-analyze verify --man=no "$WORK/flagwall-exporter.service"
	equal "exporter: no complaint" "$(grep -c flagwall-exporter "$WORK/stderr")" 0
	if systemd-analyze --help | grep -q -- --threshold; then
		exits "exporter: security: at most 2.5 of 10" 0 systemd-analyze security --offline=true --threshold=25 \
			--no-pager "$WORK/flagwall-exporter.service"
		# IP's sockets are 0.3 of it.
		exits "security: at most 2.2 of 10" 0 systemd-analyze security --offline=true --threshold=22 \
			--no-pager "$WORK/flagwall@eth0.service"
	fi
else
	skip "verify" "no systemd here"
fi

# What it does not get it cannot ask, and NAT or a MAC address would be guessed.
if [ "$(id -u)" -eq 0 ]; then
	# shellcheck disable=SC2016
	unshare -mn bash -c 'mount -t bpf none /sys/fs/bpf && ip link add caged type veth peer name other || exit
		for verb in "attach --policy stateful" detach; do
			strace -f -qq -e trace=socket -A -o "$2" "$1" $verb caged || exit
		done' - "$FLAGWALL" "$WORK/sockets" >"$WORK/stdout" 2>&1
	equal "the families of sockets that it opens are those that it may" \
		"$(grep -o 'AF_[A-Z0-9]*' "$WORK/sockets" | sort -u)" \
		"$(sed -n 's/^RestrictAddressFamilies=//p' "$unit" | tr ' ' '\n' | sort)"
else
	skip "the families of sockets" "not root"
fi

# --- with systemd as PID 1
state() {
	"$P/bin/flagwall" status -j "$1" >"$WORK/status.json" 2>/dev/null &&
		field "$WORK/status.json" "d['interfaces'][0].get('$2')"
}

# becomes WHAT VALUE COMMAND...: within 20 s.
becomes() {
	local what=$1 value=$2 tries=100

	shift 2
	until [ "$("$@" 2>/dev/null)" = "$value" ] || [ $((tries -= 1)) -le 0 ]; do
		sleep 0.2
	done
	equal "$what" "$("$@" 2>/dev/null)" "$value"
}

runs() {
	local name=fwt$$

	mkdir -p "$WORK/etc/flagwall" /run/systemd/system
	# ProtectHome and PrivateTmp hide what is in /tmp: what runs is in /run.
	at_exit rm -rf "/run/flagwall-test-$$"
	mkdir -p "/run/flagwall-test-$$"
	cp "$P/bin/flagwall" "/run/flagwall-test-$$/"
	sed "s,$P/bin,/run/flagwall-test-$$,; s,$WORK/etc/flagwall,/run/flagwall-test-$$," "$unit" \
		>"/run/systemd/system/flagwall-test@.service"
	at_exit systemctl daemon-reload
	at_exit rm -rf /run/systemd/system/flagwall-test@.service
	at_exit ip link del "$name"
	echo 'OPTIONS="--policy strict --observe"' >"/run/flagwall-test-$$/$name.conf"
	systemctl daemon-reload
	ip link add "$name" type veth peer name "${name}p"
	exits "start" 0 systemctl start "flagwall-test@$name"
	equal "start: policy" "$(state "$name" policy) $(state "$name" observe)" "strict true"
	echo 'OPTIONS="--policy conntrack --enforce"' >"/run/flagwall-test-$$/$name.conf"
	exits "reload" 0 systemctl reload "flagwall-test@$name"
	equal "reload: policy" "$(state "$name" policy) $(state "$name" observe)" "conntrack false"
	echo 'OPTIONS="--policy nosuch"' >"/run/flagwall-test-$$/$name.conf"
	exits "reload, wrong" 1 systemctl reload "flagwall-test@$name"
	equal "reload, wrong: policy" "$(state "$name" policy)" conntrack
	equal "reload, wrong: active" "$(systemctl is-active "flagwall-test@$name")" active
	exits "stop" 0 systemctl stop "flagwall-test@$name"
	equal "stop: detached" "$(state "$name" attached)" false
	rm "/run/flagwall-test-$$/$name.conf"
	exits "start without options" 0 systemctl start "flagwall-test@$name"
	equal "start without options: policy" "$(state "$name" policy) $(state "$name" observe)" "default false"
	ip link del "$name"
	becomes "the interface goes" inactive systemctl is-active "flagwall-test@$name"
	exits "the interface goes: no failure" 1 systemctl is-failed "flagwall-test@$name"
	systemctl --runtime enable "flagwall-test@$name" 2>/dev/null
	systemctl daemon-reload
	ip link add "$name" type veth peer name "${name}p"
	becomes "enabled: it comes, and the filter with it" true state "$name" attached
	systemctl --runtime disable "flagwall-test@$name" 2>/dev/null
	exits "disabled: stop" 0 systemctl stop "flagwall-test@$name"
}

if [ -d /run/systemd/system ] && [ "$(cat /proc/1/comm)" = systemd ] && [ "$(id -u)" -eq 0 ]; then
	runs
else
	skip "the unit at work" "systemd is not PID 1 here"
fi
