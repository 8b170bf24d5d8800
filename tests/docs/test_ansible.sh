#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# The playbook, run by Ansible: what it says has changed, and what it does with a
# policy that is none.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"

if ! command -v ansible-playbook >/dev/null; then
	skip "the playbook" "there is no ansible-playbook"
	exit
fi

cp -a /etc "$WORK/etc" && mount --bind "$WORK/etc" /etc || exit 1
at_exit umount -l /etc
net_up
mkdir "$WORK/bin"
ln -s "$(realpath "$FLAGWALL")" "$WORK/bin/flagwall"
cp deploy/ansible/flagwall.yml "$WORK/"
echo 'localhost ansible_connection=local ansible_become=false' >"$WORK/hosts"
printf 'include default\naction syn-psh drop\n' >"$WORK/fleet.policy"

# play [OPTION...]: the playbook, in the namespace of the host.
play() {
	(cd "$WORK" && PATH=$WORK/bin:$PATH nsenter --net="/run/netns/$HOST" ansible-playbook -i hosts "$@" flagwall.yml)
}

# changed WHAT COUNT [OPTION...]: it ends well, and so many tasks say that they changed something.
changed() {
	local what=$1 count=$2

	shift 2
	exits "$what" 0 play "$@"
	equal "$what: tasks that changed something" \
		"$(sed -n 's/.* changed=\([0-9]*\).*/\1/p' "$WORK/stdout")" "$count"
}

# in_force: the policy's name, and whether it only counts.
in_force() {
	fw status -j >"$WORK/status.json"
	field "$WORK/status.json" "[(i['policy'], i['observe']) for i in d['interfaces']]"
}

changed "first look" 3 -e flagwall_observe=true
equal "first look: in force" "$(in_force)" '[["default", true]]'
changed "once more" 0 -e flagwall_observe=true
changed "enforced" 2
equal "enforced: in force" "$(in_force)" '[["default", false]]'
changed "a policy of ours" 3 -e flagwall_policy=fleet.policy
equal "a policy of ours: in force" "$(in_force)" '[["fleet", false]]'
changed "preview" 0 -e flagwall_policy=fleet.policy --tags preview

echo 'pattern nonsense' >>"$WORK/fleet.policy"
exits "a policy that is none" 2 play -e flagwall_policy=fleet.policy
check "a policy that is none: the file before it stays" "$FLAGWALL" policy check /etc/flagwall/policies/fleet.policy
equal "a policy that is none: in force" "$(in_force)" '[["fleet", false]]'
