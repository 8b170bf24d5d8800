#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
#
# make packagetest: deploy/kubernetes. The manifest is shown to Kubernetes' own schemas (of npm's
# kubernetes-models); the image is built from its Containerfile, and the manifest's containers run by
# podman with the users, capabilities, mounts and commands that stand there. A cluster is not here: what
# its controllers make of a DaemonSet is not tested, nor are probes and the host's port.
# Needs: sudo scripts/install-deps package.

# shellcheck source=tests/lib/live.sh
. "$(dirname "$0")/../lib/live.sh"
cd "$TOP" || exit 1

MANIFEST=$TOP/deploy/kubernetes/flagwall.yml

# --- schemas
if command -v npm >/dev/null && npm install --silent --no-audit --no-fund --prefix "$WORK/npm" kubernetes-models js-yaml \
	>"$WORK/npm.log" 2>&1; then
	cat >"$WORK/npm/check.js" <<-'JS'
		const { loadAll } = require("js-yaml");
		const models = { ...require("kubernetes-models/apps/v1"), ...require("kubernetes-models/v1") };
		for (const object of loadAll(require("fs").readFileSync(process.argv[2], "utf8")))
			new models[object.kind](object).validate();
	JS
	exits "the manifest is what Kubernetes' schemas say" 0 node "$WORK/npm/check.js" "$MANIFEST"
	sed 's/mountPath/mountpath/' "$MANIFEST" >"$WORK/wrong.yml"
	exits "the schemas see a mistake" 1 node "$WORK/npm/check.js" "$WORK/wrong.yml"
else
	skip "the manifest is what Kubernetes' schemas say" "npm, or its registry, is not here"
fi

# --- images, on a Debian of our own: no registry of images is asked
export STORAGE_DRIVER=vfs CONTAINERS_CONF=$WORK/containers.conf
printf '[containers]\ndefault_ulimits = ["nofile=1024:1024","nproc=1024:1024"]\n[engine]\nruntime = "crun"\n' >"$CONTAINERS_CONF"
# crun knows one kind of cgroups at a time.
[ ! -d /sys/fs/cgroup/unified ] || mount --bind /sys/fs/cgroup/unified /sys/fs/cgroup
pod() {
	podman --root "$WORK/storage" --runroot "$WORK/run" --cgroup-manager cgroupfs --events-backend file "$@"
}
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -m 1 '/debian/*$')
check "debootstrap" debootstrap --variant=minbase bookworm "$WORK/base" "${mirror:-http://deb.debian.org/debian}"
tar -C "$WORK/base" -cf "$WORK/base.tar" .
exits "base" 0 pod import "$WORK/base.tar" localhost/debian:12-slim
mkdir "$WORK/tree"
git ls-files -z | tar --null -T - -c | tar -x -C "$WORK/tree"
exits "the image is built" 0 pod build --isolation chroot --network host --pull=never --build-arg BASE=localhost/debian:12-slim \
	-t flagwall:0.1.0 -f deploy/kubernetes/Containerfile "$WORK/tree"
exits "the bytecode's image is built" 0 pod build --isolation chroot -t flagwall-bytecode -f deploy/kubernetes/Containerfile.bytecode build
pod inspect flagwall-bytecode >"$WORK/inspect.json"
equal "bytecode: one layer" "$(field "$WORK/inspect.json" "len(d[0]['RootFS']['Layers'])")" 1
file=$(field "$WORK/inspect.json" "d[0]['Labels']['io.ebpf.filename']")
program=$(field "$WORK/inspect.json" "d[0]['Labels']['io.ebpf.bpf_function_name']")
check "bytecode: the label names the object" cmp "build/$file" build/flagwall.bpf.o
bpftool prog load "build/$file" "/sys/fs/bpf/labelled"
equal "bytecode: the label names the program" "$(bpftool -j prog show pinned /sys/fs/bpf/labelled | "$PYTHON" -c 'import json, sys; print(json.load(sys.stdin)["name"])')" "$program"
rm -f /sys/fs/bpf/labelled

# --- the manifest's containers, one after the other
net_up
live_up
"$PYTHON" - "$MANIFEST" "$WORK" <<'PY'
import os, shlex, sys, yaml
manifest, work = sys.argv[1:]
docs = {d["kind"]: d for d in yaml.safe_load_all(open(manifest))}
data = docs["ConfigMap"]["data"]
spec = docs["DaemonSet"]["spec"]["template"]["spec"]
common = spec["securityContext"]
assert spec["hostNetwork"] and common["seccompProfile"]["type"] == "Unconfined"
sources = {}
for volume in spec["volumes"]:
    if "hostPath" in volume:
        sources[volume["name"]] = volume["hostPath"]["path"]
    else:
        sources[volume["name"]] = folder = f"{work}/{volume['name']}"
        os.mkdir(folder)
        for item in volume["configMap"]["items"]:
            open(f"{folder}/{item['path']}", "w").write(data[item["key"]])
for container in spec["initContainers"] + spec["containers"]:
    own = container["securityContext"]
    words = ["run", "--rm", "--cgroups=disabled", "--network=host", "--security-opt=seccomp=unconfined",
             "--name", container["name"], "--user", f"{common['runAsUser']}:{common['runAsGroup']}"]
    words += ["--cap-drop=" + name for name in own["capabilities"]["drop"]]
    words += ["--cap-add=" + name for name in own["capabilities"]["add"]]
    words += ["--read-only"] * own["readOnlyRootFilesystem"]
    words += ["--security-opt=no-new-privileges"] * (not own["allowPrivilegeEscalation"])
    for env in container["env"]:
        key = env["valueFrom"].get("configMapKeyRef", {}).get("key")
        words += ["-e", f"{env['name']}={data[key] if key else '127.0.0.1'}"]
    for mount in container["volumeMounts"]:
        words += ["-v", f"{sources[mount['name']]}:{mount['mountPath']}" + (":ro" if mount.get("readOnly") else "")]
    words += ["--entrypoint", container["command"][0], "localhost/" + container["image"]] + container["command"][1:]
    words += [word.replace("$(NODE_IP)", "127.0.0.1") for word in container["args"]]
    open(f"{work}/{container['name']}.words", "w").write("\0".join(words))
PY
# run NAME: the container of that name.
run() {
	local words

	mapfile -d '' -t words <"$WORK/$1.words"
	nsenter --net="/run/netns/$HOST" podman --root "$WORK/storage" --runroot "$WORK/run" --cgroup-manager cgroupfs \
		--events-backend file "${words[@]}"
}
exits "attach" 0 run attach
fw status eth0 -j >"$WORK/status.json"
equal "attach: it observes, by the policy of the ConfigMap" \
	"$(field "$WORK/status.json" "d['interfaces'][0]['policy'], d['interfaces'][0]['observe']")" "('site', True)"
exits "attach, when a pod comes again" 0 run attach
run exporter >"$WORK/exporter" 2>&1 &
listening 9979
send 5 'ip/TCP(flags="SF")' >/dev/null
equal "exporter: SYN/FIN" "$(in_host curl -s http://127.0.0.1:9979/metrics |
	grep -F 'flagwall_packets_total{interface="eth0",hook="xdp",pattern="syn-fin"}' | cut -d' ' -f2)" 5
equal "exporter: healthy" "$(in_host curl -s http://127.0.0.1:9979/healthz)" ok
exits "the pod goes" 0 pod stop -t 5 exporter
check "the pod goes: the filter stays" fw status --check eth0
