-- Two-phase commit as in test/oracles/two-phase-commit.ts, for Rumur. The resource managers are a scalarset, so that
-- Rumur stores one state of each orbit. `bench/run.ts` puts their number in place of 3.
const
  N: 3;
type
  RM: scalarset(N);
  RmState: enum { working, prepared, committed, aborted };
  TmState: enum { init, tm_committed, tm_aborted };
var
  rm: array [RM] of RmState;
  tm: TmState;
  tm_prepared: array [RM] of boolean;
  sent_prepared: array [RM] of boolean;
  sent_commit: boolean;
  sent_abort: boolean;

startstate "start" begin
  for r: RM do
    rm[r] := working;
    tm_prepared[r] := false;
    sent_prepared[r] := false;
  end;
  tm := init;
  sent_commit := false;
  sent_abort := false;
end;

rule "commit" tm = init & forall r: RM do tm_prepared[r] end ==> begin
  tm := tm_committed;
  sent_commit := true;
end;

rule "abort" tm = init ==> begin
  tm := tm_aborted;
  sent_abort := true;
end;

ruleset r: RM do
  rule "receive Prepared" tm = init & sent_prepared[r] ==> begin tm_prepared[r] := true; end;
  rule "prepare" rm[r] = working ==> begin
    rm[r] := prepared;
    sent_prepared[r] := true;
  end;
  rule "choose to abort" rm[r] = working ==> begin rm[r] := aborted; end;
  rule "receive Commit" sent_commit ==> begin rm[r] := committed; end;
  rule "receive Abort" sent_abort ==> begin rm[r] := aborted; end;
end;

invariant "no two disagree"
  !(exists r: RM do rm[r] = committed end & exists r: RM do rm[r] = aborted end);
