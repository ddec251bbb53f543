#!/bin/sh
# Searches the model with LTSmin on this machine, with @RANKS@ ranks or as many as the first argument says.
# Needs: a C compiler, make, LTSmin (its prefix in LTSMIN) and Open MPI.
set -eu
cd "$(dirname "$0")"
ranks=${1:-@RANKS@}
LTSMIN=${LTSMIN:-/usr/local}
export PATH="$LTSMIN/bin:$PATH"
make model.so LTSMIN="$LTSMIN"
# without --mpi each rank would search alone
mpirun -np "$ranks" --oversubscribe pins2lts-dist --mpi model.so
