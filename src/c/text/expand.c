/* The instances of threads that have no transition wait for each other alone? */
static u32 is_stuck(u64 without) { return LOCK_DEADLOCK != NO_WATCH && without != 0 && stuck(0, without) != 0; }

/* Whether all successors are the state itself. */
static u32 changes_nothing(void) {
  for (u32 n = 0; n < now.successors; n++)
    if (memcmp(now.states + n * WORDS, memory, sizeof(u64) * WORDS) != 0) return 0;
  return 1;
}

const struct expansion *model_expand(const u64 *state) {
  u64 without = 0;
  u32 end = 8 * WORDS;
  memcpy(memory, state, sizeof(u64) * WORDS);
  memset(now.found, 0, sizeof now.found);
  now.states = memory + WORDS;
  now.failures = 0;
  judge(0);
  for (running = 0; running < THREADS; running++) {
    u32 before = end, failed = now.failures;
    end = successors_of[running](0, end);
    if (end == before && failed == now.failures) without |= 1ull << running;
  }
  now.successors = number_of(end);
  if (is_stuck(without)) found_in_state(LOCK_DEADLOCK, 1);
  if (DEADLOCK != NO_WATCH && now.failures == 0 && idle(0) != EVERYBODY) {
    if (now.successors == 0) found_in_state(DEADLOCK, 1);
    else if (changes_nothing()) found_in_state(STANDSTILL, 1);
  }
  return &now;
}
