#!/bin/sh
# Makes hosts on one machine: network namespaces with a name, an address, an sshd and a /tmp of their own, on one bridge.
# Needs root, Linux, ip (iproute2), unshare and nsenter (util-linux), sshd (openssh-server).
#
#   hosts.sh up FOLDER N          makes h1 to hN; FOLDER gets keys, logs, and `hosts` for mpirun
#   hosts.sh on FOLDER K COMMAND  runs a command on host K, in this folder
#   hosts.sh kill FOLDER K        host K is gone at once: its processes are killed, its cable is pulled
#   hosts.sh down FOLDER          removes all of them
#
# What they share: processors, memory, and every folder but /tmp. What a search copies to a host must go under /tmp.
set -eu

network=10.213.77
bridge=hmmcheck0

# The process that holds the namespaces of host K.
holder() { cat "$folder/h$1.pid"; }
inside() {
  k=$1
  shift
  nsenter --target "$(holder "$k")" --net --uts --mount --wd="$PWD" "$@"
}

up() {
  mkdir -p "$folder"
  ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
  ip link add "$bridge" type bridge
  ip link set "$bridge" up
  : >"$folder/hosts"
  : >"$folder/names"
  for k in $(seq "$1"); do
    printf '%s.%s h%s\n' "$network" "$k" "$k" >>"$folder/names"
    printf 'h%s slots=1\n' "$k" >>"$folder/hosts"
  done
  printf '127.0.0.1 localhost\n' | cat - "$folder/names" >"$folder/etc-hosts"
  cat >"$folder/ssh_config" <<END
Host h*
  IdentityFile $folder/key
  StrictHostKeyChecking no
  UserKnownHostsFile /dev/null
  LogLevel ERROR
END
  for k in $(seq "$1"); do make_host "$k"; done
}

make_host() {
  k=$1
  ip link add "hmm$k" type veth peer name "hmmpeer$k"
  ip link set "hmm$k" master "$bridge" up
  # a process of its own keeps the namespaces: with it, they go; it must not keep our output open
  setsid unshare --net --uts --mount --propagation private sleep infinity </dev/null >/dev/null 2>&1 &
  echo $! >"$folder/h$k.pid"
  # unshare has become sleep once the namespaces are there
  until [ "$(cat /proc/$!/comm)" = sleep ]; do sleep 0.05; done
  ip link set "hmmpeer$k" netns "$!"
  inside "$k" sh -eu -c "
    hostname h$k
    ip link set lo up
    ip addr add $network.$k/24 dev hmmpeer$k
    ip link set hmmpeer$k up
    mount -t tmpfs none /tmp
    mount --bind '$folder/etc-hosts' /etc/hosts
    mkdir -p /root/.ssh /run/sshd
    mount -t tmpfs none /root/.ssh
    cp '$folder/key.pub' /root/.ssh/authorized_keys
    cp '$folder/ssh_config' /root/.ssh/config
    chmod 700 /root/.ssh
    chmod 600 /root/.ssh/*
    ssh-keygen -q -t ed25519 -N '' -f /tmp/host_key
    exec $(command -v sshd) -E '$folder/h$k.log' -h /tmp/host_key -o PidFile=none -o UsePAM=no -o PermitRootLogin=yes -o StrictModes=no
  "
}

# Every process that lives in the namespaces of host K.
kill_host() {
  [ -e "$folder/h$1.pid" ] || return 0
  own=$(readlink "/proc/$(holder "$1")/ns/net" || true)
  # never the namespace of the machine itself
  [ -n "$own" ] && [ "$own" != "$(readlink /proc/self/ns/net)" ] || return 0
  ip link del "hmm$1" 2>/dev/null || true
  for process in /proc/[0-9]*; do
    [ "$(readlink "$process/ns/net" 2>/dev/null)" = "$own" ] || continue
    kill -KILL "${process#/proc/}" 2>/dev/null || true
  done
  rm -f "$folder/h$1.pid"
}

down() {
  for file in "$folder"/h*.pid; do
    [ -e "$file" ] || continue
    k=${file##*/h}
    kill_host "${k%.pid}"
  done
  ip link del "$bridge" 2>/dev/null || true
}

what=$1
folder=$(realpath -m "$2")
shift 2
case $what in
  up) up "$1" ;;
  on) inside "$@" ;;
  kill) kill_host "$1" ;;
  down) down ;;
  *) sed -n '2,11p' "$0" >&2; exit 2 ;;
esac
