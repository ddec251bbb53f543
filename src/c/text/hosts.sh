#!/bin/sh
# Searches the model with LTSmin on the hosts of a file, `hosts` or the first argument: a line for each, `name slots=8`.
# Needs on each host: this folder at the same path, LTSmin at the same prefix, the same Open MPI, and ssh without a
# password from here. The plan: @STATES@ states, @MEMORY@ in all.
set -eu
cd "$(dirname "$0")"
hosts=${1:-hosts}
LTSMIN=${LTSMIN:-/usr/local}
make model.so LTSMIN="$LTSMIN"
for host in $(sed 's/[[:space:]].*//; /^#/d; /^$/d' "$hosts"); do
  # a rename: where the hosts share a disk, the file must not be written over while it is read
  ssh "$host" "mkdir -p '$PWD' && cat >'$PWD/model.so.$host' && mv -f '$PWD/model.so.$host' '$PWD/model.so'" <model.so
done
# without --mpi each rank would search alone
mpirun --hostfile "$hosts" -x PATH="$LTSMIN/bin:$PATH" "$LTSMIN/bin/pins2lts-dist" --mpi "$PWD/model.so"
