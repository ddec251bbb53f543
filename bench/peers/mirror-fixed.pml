/* mirror-fixed: written by bench/peers/promela; change the model, not this. */

unsigned mm_mmap_sem_writer : 2;
unsigned mm_mmap_sem_readers : 2;
unsigned mm_mmap_sem_waiters : 6;
byte mm_pte[2];
unsigned hmm_mirrors_sem_readers : 2;
unsigned hmm_ranges : 2;
bit hmm_notifiers;
bit range_valid;
unsigned range_pfn : 3;
unsigned driver_update_owner : 2;
byte driver_pte[2];
unsigned gathered : 2;
byte mem_map_refcount[2];
byte page_index[2];
byte page_newest[2];
unsigned dirty : 2;
unsigned srcu_readers : 2;
unsigned rmap_walkers : 2;
unsigned bracket_va : 2;
bit bracket_answered;
bit bracket_announced;
/* Zero between transitions: no part of the state, but breadth-first search (spin -DPLAIN) refuses what is hidden. */
#ifdef PLAIN
#define SCRATCH
#else
#define SCRATCH hidden
#endif
SCRATCH byte scratch_0;
SCRATCH byte scratch_1;
SCRATCH byte before_0;
SCRATCH byte before_1;
SCRATCH byte before_2;
SCRATCH byte before_3;
SCRATCH byte before_4;

active proctype cpu_0() {
  bit va;
  bit va_6;
  bit hmm_to_do;
  bit device_to_do_5;
  bit hmm_to_do_2;
  bit va_9;
  bit hmm_to_do_4;
  bit device_to_do_22;
  bit hmm_to_do_5;
end_1: /* 0/1 */
  if
  :: d_step { va = 0; assert(((!((mm_mmap_sem_writer == 1) || ((mm_mmap_sem_readers & 1) != 0))) && (!((hmm_mirrors_sem_readers & 1) != 0))) && (driver_update_owner != 1)) }; goto at_2
  :: d_step { va = 1; assert(((!((mm_mmap_sem_writer == 1) || ((mm_mmap_sem_readers & 1) != 0))) && (!((hmm_mirrors_sem_readers & 1) != 0))) && (driver_update_owner != 1)) }; goto at_2
  :: d_step { mm_pte[0] != 0; assert((mm_pte[0] == 0) || (!(mem_map_refcount[mm_pte[0] - 1] == 0))); assert((mm_pte[0] == 0) || ((!(page_index[mm_pte[0] - 1] != 0)) || page_newest[mm_pte[0] - 1])); va = 0; va_6 = 0; va_9 = 0 }; goto end_1
  :: d_step { mm_pte[1] != 0; assert((mm_pte[1] == 0) || (!(mem_map_refcount[mm_pte[1] - 1] == 0))); assert((mm_pte[1] == 0) || ((!(page_index[mm_pte[1] - 1] != 0)) || page_newest[mm_pte[1] - 1])); va = 0; va_6 = 0; va_9 = 0 }; goto end_1
  :: d_step { mm_pte[0] != 0; assert((mm_pte[0] == 0) || (!(mem_map_refcount[mm_pte[0] - 1] == 0))); if :: mm_pte[0] != 0 -> scratch_0 = mm_pte[0] - 1; if :: page_index[scratch_0] == 1 -> if :: page_index[0] == 1 -> page_newest[0] = scratch_0 == 0 :: else fi; if :: page_index[1] == 1 -> page_newest[1] = scratch_0 == 1 :: else fi; dirty = dirty | 1 :: else fi :: else fi; va = 0; scratch_0 = 0; va_6 = 0; va_9 = 0 }; goto end_1
  :: d_step { mm_pte[1] != 0; assert((mm_pte[1] == 0) || (!(mem_map_refcount[mm_pte[1] - 1] == 0))); if :: mm_pte[1] != 0 -> scratch_0 = mm_pte[1] - 1; if :: page_index[scratch_0] == 2 -> if :: page_index[0] == 2 -> page_newest[0] = scratch_0 == 0 :: else fi; if :: page_index[1] == 2 -> page_newest[1] = scratch_0 == 1 :: else fi; dirty = dirty | 2 :: else fi :: else fi; va = 0; scratch_0 = 0; va_6 = 0; va_9 = 0 }; goto end_1
  :: d_step { va_6 = 0; assert(((!((mm_mmap_sem_writer == 1) || ((mm_mmap_sem_readers & 1) != 0))) && (!((hmm_mirrors_sem_readers & 1) != 0))) && (driver_update_owner != 1)) }; goto at_3
  :: d_step { va_6 = 1; assert(((!((mm_mmap_sem_writer == 1) || ((mm_mmap_sem_readers & 1) != 0))) && (!((hmm_mirrors_sem_readers & 1) != 0))) && (driver_update_owner != 1)) }; goto at_3
  :: d_step { va_9 = 0; assert(((!((mm_mmap_sem_writer == 1) || ((mm_mmap_sem_readers & 1) != 0))) && (!((hmm_mirrors_sem_readers & 1) != 0))) && (driver_update_owner != 1)); rmap_walkers = rmap_walkers | 1; hmm_to_do_4 = 1 }; goto at_4
  :: d_step { va_9 = 1; assert(((!((mm_mmap_sem_writer == 1) || ((mm_mmap_sem_readers & 1) != 0))) && (!((hmm_mirrors_sem_readers & 1) != 0))) && (driver_update_owner != 1)); rmap_walkers = rmap_walkers | 1; hmm_to_do_4 = 1 }; goto at_4
  fi;
at_2: /* 0/1.or-0/0:handle_mm_fault/1.then/0:down_read/0 */
  if
  :: d_step { (mm_mmap_sem_writer == 0) && ((mm_mmap_sem_waiters & 3) == 0); assert(!((mm_mmap_sem_readers & 1) != 0)); mm_mmap_sem_readers = mm_mmap_sem_readers | 1 }; goto at_5
  :: d_step { (mm_mmap_sem_writer != 0) || (!((mm_mmap_sem_waiters & 3) == 0)); mm_mmap_sem_waiters = (mm_mmap_sem_waiters | (0 << (((mm_mmap_sem_waiters & 3) * 2) + 2))) + 1 }; goto at_6
  fi;
at_3: /* 0/1.or-3/0:do_munmap/1.then/0:down_write/0 */
  if
  :: d_step { ((mm_mmap_sem_writer == 0) && (mm_mmap_sem_readers == 0)) && ((mm_mmap_sem_waiters & 3) == 0); mm_mmap_sem_writer = 1; hmm_to_do = 1 }; goto at_7
  :: d_step { ((mm_mmap_sem_writer != 0) || (mm_mmap_sem_readers != 0)) || (!((mm_mmap_sem_waiters & 3) == 0)); mm_mmap_sem_waiters = (mm_mmap_sem_waiters | (2 << (((mm_mmap_sem_waiters & 3) * 2) + 2))) + 1 }; goto at_8
  fi;
at_4: /* 0/1.or-4/0:try_to_unmap/2 */
  if
  :: d_step { (hmm_to_do_4 & 1) != 0; before_0 = mm_pte[0]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_1 = mm_pte[1]; before_4 = bracket_answered && (bracket_va == 2); hmm_to_do_4 = 0; srcu_readers = srcu_readers | 1; bracket_announced = bracket_announced | 1; scratch_0 = hmm_notifiers; assert(scratch_0 < 1); hmm_notifiers = scratch_0 + 1; bracket_va = va_9 + 1; if :: hmm_ranges == (va_9 + 1) -> range_valid = 0; range_pfn = 0 :: else fi; scratch_0 = 0; assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert(hmm_notifiers == (bracket_va != 0)); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_2 = 0; before_3 = 0; before_1 = 0; before_4 = 0 }; goto at_10
  fi;
at_5: /* 0/1.or-0/0:handle_mm_fault/2 */
  if
  :: d_step { ((mm_pte[va] == 0) && ((mem_map_refcount[0] == 0) || (mem_map_refcount[1] == 0))) && (mem_map_refcount[0] == 0); mem_map_refcount[0] = 1; gathered = 1; assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)) }; goto at_11
  :: d_step { ((mm_pte[va] == 0) && ((mem_map_refcount[0] == 0) || (mem_map_refcount[1] == 0))) && (mem_map_refcount[1] == 0); mem_map_refcount[1] = 1; gathered = 2; assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)) }; goto at_11
  :: !((mm_pte[va] == 0) && ((mem_map_refcount[0] == 0) || (mem_map_refcount[1] == 0))); goto at_11
  fi;
at_6: /* 0/1.or-0/0:handle_mm_fault/1.then/0:down_read/1.or-1/1:rwsem_read_granted */
  if
  :: d_step { (((mm_mmap_sem_waiters >> 2) & 1) == 0) && (mm_mmap_sem_writer == 0); mm_mmap_sem_waiters = ((mm_mmap_sem_waiters & 3) | ((mm_mmap_sem_waiters >> 4) << 2)) - 1; mm_mmap_sem_readers = mm_mmap_sem_readers | 1 }; goto at_5
  fi;
at_7: /* 0/1.or-3/0:do_munmap/2 */
  if
  :: d_step { (hmm_to_do & 1) != 0; before_0 = mm_pte[0]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_1 = mm_pte[1]; before_4 = bracket_answered && (bracket_va == 2); hmm_to_do = 0; srcu_readers = srcu_readers | 1; bracket_announced = bracket_announced | 1; scratch_0 = hmm_notifiers; assert(scratch_0 < 1); hmm_notifiers = scratch_0 + 1; bracket_va = va_6 + 1; if :: hmm_ranges == (va_6 + 1) -> range_valid = 0; range_pfn = 0 :: else fi; scratch_0 = 0; assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert(hmm_notifiers == (bracket_va != 0)); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_2 = 0; before_3 = 0; before_1 = 0; before_4 = 0 }; goto at_13
  fi;
at_8: /* 0/1.or-3/0:do_munmap/1.then/0:down_write/1.or-1/1:rwsem_write_granted */
  if
  :: d_step { ((((mm_mmap_sem_waiters >> 2) & 1) == 0) && (mm_mmap_sem_writer == 0)) && (mm_mmap_sem_readers == 0); mm_mmap_sem_waiters = ((((mm_mmap_sem_waiters & 3) > 0) && ((((mm_mmap_sem_waiters >> 2) & 1) == 0) && ((mm_mmap_sem_waiters >> 3) & 1))) -> (((mm_mmap_sem_waiters & 3) | ((mm_mmap_sem_waiters >> 4) << 2)) - 1) : ((((mm_mmap_sem_waiters & 3) > 1) && ((((mm_mmap_sem_waiters >> 4) & 1) == 0) && (mm_mmap_sem_waiters >> 5))) -> (((mm_mmap_sem_waiters & 15) | ((mm_mmap_sem_waiters >> 6) << 4)) - 1) : mm_mmap_sem_waiters)); mm_mmap_sem_writer = 1; hmm_to_do = 1 }; goto at_7
  fi;
at_9: /* 0/1.or-4/0:try_to_unmap/3 */
  if
  :: d_step { before_0 = mm_pte[0]; before_1 = mm_pte[1]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_4 = bracket_answered && (bracket_va == 2); scratch_0 = mm_pte[va_9]; mm_pte[va_9] = 0; if :: scratch_0 != 0 -> scratch_1 = scratch_0 - 1; if :: (page_index[scratch_1] == (va_9 + 1)) && page_newest[scratch_1] -> dirty = dirty & ~(1 << va_9) :: else fi; gathered = scratch_1 + 1 :: else fi; scratch_0 = 0; scratch_1 = 0; hmm_to_do_5 = 1; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_1 = 0; before_2 = 0; before_3 = 0; before_4 = 0 }; goto at_14
  :: d_step { mm_pte[va_9] != 0; before_0 = mm_pte[0]; before_1 = mm_pte[1]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_4 = bracket_answered && (bracket_va == 2); scratch_0 = mm_pte[va_9]; mm_pte[va_9] = 0; if :: scratch_0 != 0 -> scratch_1 = scratch_0 - 1; if :: (page_index[scratch_1] == (va_9 + 1)) && page_newest[scratch_1] -> dirty = dirty & ~(1 << va_9) :: else fi; assert(mem_map_refcount[scratch_1] != 0); mem_map_refcount[scratch_1] = mem_map_refcount[scratch_1] - 1; if :: mem_map_refcount[scratch_1] == 0 -> if :: ((range_pfn & 3) == 1) && ((range_pfn >> 2) == scratch_1) -> range_pfn = 2 :: else fi; if :: ((driver_pte[0] & 3) == 1) && ((driver_pte[0] >> 2) == scratch_1) -> driver_pte[0] = 2 :: else fi; if :: ((driver_pte[1] & 3) == 1) && ((driver_pte[1] >> 2) == scratch_1) -> driver_pte[1] = 2 :: else fi; page_index[scratch_1] = 0; page_newest[scratch_1] = 0 :: else fi :: else fi; scratch_0 = 0; scratch_1 = 0; hmm_to_do_5 = 1; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_1 = 0; before_2 = 0; before_3 = 0; before_4 = 0 }; goto at_14
  fi;
at_10: /* 0/1.or-4/0:try_to_unmap/2/0:hmm_invalidate_range_start/1.then/0:hmm_invalidate_range/0 */
  if
  :: d_step { assert(!((hmm_mirrors_sem_readers & 1) != 0)); hmm_mirrors_sem_readers = hmm_mirrors_sem_readers | 1; device_to_do_22 = 1 }; goto at_15
  fi;
at_11: /* 0/1.or-0/0:handle_mm_fault/3.then/0 */
  if
  :: d_step { before_0 = mm_pte[0]; before_1 = mm_pte[1]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_4 = bracket_answered && (bracket_va == 2); scratch_0 = mm_pte[va] == 0; if :: gathered != 0 -> scratch_1 = gathered - 1; if :: scratch_0 -> page_index[scratch_1] = va + 1; if :: (dirty >> va) & 1 -> page_newest[scratch_1] = 0 :: else -> page_newest[scratch_1] = 1 fi; mm_pte[va] = scratch_1 + 1 :: else -> assert(mem_map_refcount[scratch_1] != 0); mem_map_refcount[scratch_1] = mem_map_refcount[scratch_1] - 1; if :: mem_map_refcount[scratch_1] == 0 -> if :: ((range_pfn & 3) == 1) && ((range_pfn >> 2) == scratch_1) -> range_pfn = 2 :: else fi; if :: ((driver_pte[0] & 3) == 1) && ((driver_pte[0] >> 2) == scratch_1) -> driver_pte[0] = 2 :: else fi; if :: ((driver_pte[1] & 3) == 1) && ((driver_pte[1] >> 2) == scratch_1) -> driver_pte[1] = 2 :: else fi; page_index[scratch_1] = 0; page_newest[scratch_1] = 0 :: else fi fi :: else fi; gathered = 0; assert((mm_mmap_sem_readers & 1) != 0); mm_mmap_sem_readers = mm_mmap_sem_readers & 2; va = 0; scratch_0 = 0; scratch_1 = 0; va_6 = 0; va_9 = 0; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_1 = 0; before_2 = 0; before_3 = 0; before_4 = 0 }; goto end_1
  fi;
at_12: /* 0/1.or-3/0:do_munmap/3 */
  if
  :: d_step { before_0 = mm_pte[0]; before_1 = mm_pte[1]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_4 = bracket_answered && (bracket_va == 2); scratch_0 = mm_pte[va_6]; mm_pte[va_6] = 0; if :: scratch_0 != 0 -> scratch_1 = scratch_0 - 1; gathered = scratch_1 + 1 :: else fi; if :: page_index[0] == (va_6 + 1) -> page_index[0] = 0; page_newest[0] = 0 :: else fi; if :: page_index[1] == (va_6 + 1) -> page_index[1] = 0; page_newest[1] = 0 :: else fi; dirty = dirty & ~(1 << va_6); scratch_0 = 0; scratch_1 = 0; hmm_to_do_2 = 1; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_1 = 0; before_2 = 0; before_3 = 0; before_4 = 0 }; goto at_17
  :: d_step { mm_pte[va_6] != 0; before_0 = mm_pte[0]; before_1 = mm_pte[1]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_4 = bracket_answered && (bracket_va == 2); scratch_0 = mm_pte[va_6]; mm_pte[va_6] = 0; if :: scratch_0 != 0 -> scratch_1 = scratch_0 - 1; assert(mem_map_refcount[scratch_1] != 0); mem_map_refcount[scratch_1] = mem_map_refcount[scratch_1] - 1; if :: mem_map_refcount[scratch_1] == 0 -> if :: ((range_pfn & 3) == 1) && ((range_pfn >> 2) == scratch_1) -> range_pfn = 2 :: else fi; if :: ((driver_pte[0] & 3) == 1) && ((driver_pte[0] >> 2) == scratch_1) -> driver_pte[0] = 2 :: else fi; if :: ((driver_pte[1] & 3) == 1) && ((driver_pte[1] >> 2) == scratch_1) -> driver_pte[1] = 2 :: else fi; page_index[scratch_1] = 0; page_newest[scratch_1] = 0 :: else fi :: else fi; if :: page_index[0] == (va_6 + 1) -> page_index[0] = 0; page_newest[0] = 0 :: else fi; if :: page_index[1] == (va_6 + 1) -> page_index[1] = 0; page_newest[1] = 0 :: else fi; dirty = dirty & ~(1 << va_6); scratch_0 = 0; scratch_1 = 0; hmm_to_do_2 = 1; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_1 = 0; before_2 = 0; before_3 = 0; before_4 = 0 }; goto at_17
  fi;
at_13: /* 0/1.or-3/0:do_munmap/2/0:hmm_invalidate_range_start/1.then/0:hmm_invalidate_range/0 */
  if
  :: d_step { assert(!((hmm_mirrors_sem_readers & 1) != 0)); hmm_mirrors_sem_readers = hmm_mirrors_sem_readers | 1; device_to_do_5 = 1 }; goto at_18
  fi;
at_14: /* 0/1.or-4/0:try_to_unmap/4 */
  if
  :: d_step { (hmm_to_do_5 & 1) != 0; before_0 = mm_pte[0]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_1 = mm_pte[1]; before_4 = bracket_answered && (bracket_va == 2); hmm_to_do_5 = 0; srcu_readers = srcu_readers | 1; assert((bracket_announced & 1) != 0); bracket_announced = 0; bracket_answered = 0; scratch_0 = hmm_notifiers; assert(scratch_0 > 0); hmm_notifiers = scratch_0 - 1; bracket_va = 0; if :: hmm_ranges == (va_9 + 1) -> range_valid = 0; range_pfn = 0 :: else fi; assert((srcu_readers & 1) != 0); srcu_readers = srcu_readers & 2; va_9 = 0; scratch_0 = 0; assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert(hmm_notifiers == (bracket_va != 0)); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_2 = 0; before_3 = 0; before_1 = 0; before_4 = 0 }; goto at_20
  fi;
at_15: /* 0/1.or-4/0:try_to_unmap/2/0:hmm_invalidate_range_start/1.then/0:hmm_invalidate_range/2 */
  if
  :: d_step { (device_to_do_22 & 1) != 0; device_to_do_22 = 0 }; goto at_21
  fi;
at_17: /* 0/1.or-3/0:do_munmap/4 */
  if
  :: d_step { (hmm_to_do_2 & 1) != 0; before_0 = mm_pte[0]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_1 = mm_pte[1]; before_4 = bracket_answered && (bracket_va == 2); hmm_to_do_2 = 0; srcu_readers = srcu_readers | 1; assert((bracket_announced & 1) != 0); bracket_announced = 0; bracket_answered = 0; scratch_0 = hmm_notifiers; assert(scratch_0 > 0); hmm_notifiers = scratch_0 - 1; bracket_va = 0; if :: hmm_ranges == (va_6 + 1) -> range_valid = 0; range_pfn = 0 :: else fi; assert((srcu_readers & 1) != 0); srcu_readers = srcu_readers & 2; va_6 = 0; scratch_0 = 0; assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert(hmm_notifiers == (bracket_va != 0)); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_2 = 0; before_3 = 0; before_1 = 0; before_4 = 0 }; goto at_23
  fi;
at_18: /* 0/1.or-3/0:do_munmap/2/0:hmm_invalidate_range_start/1.then/0:hmm_invalidate_range/2 */
  if
  :: d_step { (device_to_do_5 & 1) != 0; device_to_do_5 = 0 }; goto at_24
  fi;
at_20: /* 0/1.or-4/0:try_to_unmap/6 */
  if
  :: d_step { before_0 = mm_pte[0]; before_1 = mm_pte[1]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_4 = bracket_answered && (bracket_va == 2); if :: gathered != 0 -> scratch_0 = gathered - 1; assert(mem_map_refcount[scratch_0] != 0); mem_map_refcount[scratch_0] = mem_map_refcount[scratch_0] - 1; if :: mem_map_refcount[scratch_0] == 0 -> if :: ((range_pfn & 3) == 1) && ((range_pfn >> 2) == scratch_0) -> range_pfn = 2 :: else fi; if :: ((driver_pte[0] & 3) == 1) && ((driver_pte[0] >> 2) == scratch_0) -> driver_pte[0] = 2 :: else fi; if :: ((driver_pte[1] & 3) == 1) && ((driver_pte[1] >> 2) == scratch_0) -> driver_pte[1] = 2 :: else fi; page_index[scratch_0] = 0; page_newest[scratch_0] = 0 :: else fi :: else fi; gathered = 0; bracket_va = 0; bracket_announced = 0; bracket_answered = 0; rmap_walkers = rmap_walkers & 2; va = 0; va_6 = 0; va_9 = 0; scratch_0 = 0; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)); assert(hmm_notifiers == (bracket_va != 0)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_1 = 0; before_2 = 0; before_3 = 0; before_4 = 0 }; goto end_1
  fi;
at_21: /* 0/1.or-4/0:try_to_unmap/2/0:hmm_invalidate_range_start/1.then/0:hmm_invalidate_range/2/0:call_mirror/0.then/1 */
  if
  :: d_step { (driver_update_owner == 0) && (device_to_do_22 == 0); before_0 = mm_pte[0]; before_1 = mm_pte[1]; assert(driver_update_owner != 1); driver_pte[va_9] = 0; driver_update_owner = 0; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); before_0 = 0; before_1 = 0 }; goto at_22
  :: d_step { (driver_update_owner == 0) && (device_to_do_22 != 0); before_0 = mm_pte[0]; before_1 = mm_pte[1]; assert(driver_update_owner != 1); driver_pte[va_9] = 0; driver_update_owner = 0; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); before_0 = 0; before_1 = 0 }; goto at_15
  fi;
at_22: /* 0/1.or-4/0:try_to_unmap/2/0:hmm_invalidate_range_start/1.then/0:hmm_invalidate_range/3 */
  if
  :: d_step { hmm_to_do_4 == 0; before_0 = mm_pte[0]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_1 = mm_pte[1]; before_4 = bracket_answered && (bracket_va == 2); assert((hmm_mirrors_sem_readers & 1) != 0); hmm_mirrors_sem_readers = hmm_mirrors_sem_readers & 2; assert((srcu_readers & 1) != 0); srcu_readers = srcu_readers & 2; bracket_answered = bracket_va != 0; assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_2 = 0; before_3 = 0; before_1 = 0; before_4 = 0 }; goto at_9
  :: d_step { hmm_to_do_4 != 0; before_0 = mm_pte[0]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_1 = mm_pte[1]; before_4 = bracket_answered && (bracket_va == 2); assert((hmm_mirrors_sem_readers & 1) != 0); hmm_mirrors_sem_readers = hmm_mirrors_sem_readers & 2; assert((srcu_readers & 1) != 0); srcu_readers = srcu_readers & 2; bracket_answered = bracket_va != 0; assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_2 = 0; before_3 = 0; before_1 = 0; before_4 = 0 }; goto at_4
  fi;
at_23: /* 0/1.or-3/0:do_munmap/5 */
  if
  :: d_step { before_0 = mm_pte[0]; before_1 = mm_pte[1]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_4 = bracket_answered && (bracket_va == 2); if :: gathered != 0 -> scratch_0 = gathered - 1; assert(mem_map_refcount[scratch_0] != 0); mem_map_refcount[scratch_0] = mem_map_refcount[scratch_0] - 1; if :: mem_map_refcount[scratch_0] == 0 -> if :: ((range_pfn & 3) == 1) && ((range_pfn >> 2) == scratch_0) -> range_pfn = 2 :: else fi; if :: ((driver_pte[0] & 3) == 1) && ((driver_pte[0] >> 2) == scratch_0) -> driver_pte[0] = 2 :: else fi; if :: ((driver_pte[1] & 3) == 1) && ((driver_pte[1] >> 2) == scratch_0) -> driver_pte[1] = 2 :: else fi; page_index[scratch_0] = 0; page_newest[scratch_0] = 0 :: else fi :: else fi; gathered = 0; bracket_va = 0; bracket_announced = 0; bracket_answered = 0; assert(mm_mmap_sem_writer == 1); mm_mmap_sem_writer = 0; va = 0; va_6 = 0; scratch_0 = 0; va_9 = 0; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((mem_map_refcount[0] - ((mm_pte[0] == 1) + (mm_pte[1] == 1))) == (gathered == 1)); assert((mem_map_refcount[1] - ((mm_pte[0] == 2) + (mm_pte[1] == 2))) == (gathered == 2)); assert(hmm_notifiers == (bracket_va != 0)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_1 = 0; before_2 = 0; before_3 = 0; before_4 = 0 }; goto end_1
  fi;
at_24: /* 0/1.or-3/0:do_munmap/2/0:hmm_invalidate_range_start/1.then/0:hmm_invalidate_range/2/0:call_mirror/0.then/3 */
  if
  :: d_step { (driver_update_owner == 0) && (device_to_do_5 == 0); before_0 = mm_pte[0]; before_1 = mm_pte[1]; assert(driver_update_owner != 1); driver_pte[va_6] = 0; driver_update_owner = 0; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); before_0 = 0; before_1 = 0 }; goto at_25
  :: d_step { (driver_update_owner == 0) && (device_to_do_5 != 0); before_0 = mm_pte[0]; before_1 = mm_pte[1]; assert(driver_update_owner != 1); driver_pte[va_6] = 0; driver_update_owner = 0; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); before_0 = 0; before_1 = 0 }; goto at_18
  fi;
at_25: /* 0/1.or-3/0:do_munmap/2/0:hmm_invalidate_range_start/1.then/0:hmm_invalidate_range/3 */
  if
  :: d_step { hmm_to_do == 0; before_0 = mm_pte[0]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_1 = mm_pte[1]; before_4 = bracket_answered && (bracket_va == 2); assert((hmm_mirrors_sem_readers & 1) != 0); hmm_mirrors_sem_readers = hmm_mirrors_sem_readers & 2; assert((srcu_readers & 1) != 0); srcu_readers = srcu_readers & 2; bracket_answered = bracket_va != 0; assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_2 = 0; before_3 = 0; before_1 = 0; before_4 = 0 }; goto at_12
  :: d_step { hmm_to_do != 0; before_0 = mm_pte[0]; before_2 = 1; before_3 = bracket_answered && (bracket_va == 1); before_1 = mm_pte[1]; before_4 = bracket_answered && (bracket_va == 2); assert((hmm_mirrors_sem_readers & 1) != 0); hmm_mirrors_sem_readers = hmm_mirrors_sem_readers & 2; assert((srcu_readers & 1) != 0); srcu_readers = srcu_readers & 2; bracket_answered = bracket_va != 0; assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((before_0 != 0) && (mm_pte[0] != before_0))) || ((!before_2) || before_3)); assert((!((before_1 != 0) && (mm_pte[1] != before_1))) || ((!before_2) || before_4)); before_0 = 0; before_2 = 0; before_3 = 0; before_1 = 0; before_4 = 0 }; goto at_7
  fi;
}

active proctype device_0() {
  bit va;
end_1: /* 0/1 */
  if
  :: d_step { va = 0; assert(((!((mm_mmap_sem_writer == 2) || ((mm_mmap_sem_readers & 2) != 0))) && (!((hmm_mirrors_sem_readers & 2) != 0))) && (driver_update_owner != 2)) }; goto at_2
  :: d_step { va = 1; assert(((!((mm_mmap_sem_writer == 2) || ((mm_mmap_sem_readers & 2) != 0))) && (!((hmm_mirrors_sem_readers & 2) != 0))) && (driver_update_owner != 2)) }; goto at_2
  :: d_step { !((driver_pte[0] & 3) == 0); assert((driver_pte[0] & 3) == 1); assert((!((driver_pte[0] & 3) == 1)) || ((!(page_index[driver_pte[0] >> 2] != 0)) || page_newest[driver_pte[0] >> 2])); va = 0 }; goto end_1
  :: d_step { !((driver_pte[1] & 3) == 0); assert((driver_pte[1] & 3) == 1); assert((!((driver_pte[1] & 3) == 1)) || ((!(page_index[driver_pte[1] >> 2] != 0)) || page_newest[driver_pte[1] >> 2])); va = 0 }; goto end_1
  :: d_step { !((driver_pte[0] & 3) == 0); assert((driver_pte[0] & 3) == 1); if :: (driver_pte[0] & 3) == 1 -> scratch_0 = driver_pte[0] >> 2; if :: page_index[scratch_0] == 1 -> if :: page_index[0] == 1 -> page_newest[0] = scratch_0 == 0 :: else fi; if :: page_index[1] == 1 -> page_newest[1] = scratch_0 == 1 :: else fi; dirty = dirty | 1 :: else fi :: else fi; va = 0; scratch_0 = 0 }; goto end_1
  :: d_step { !((driver_pte[1] & 3) == 0); assert((driver_pte[1] & 3) == 1); if :: (driver_pte[1] & 3) == 1 -> scratch_0 = driver_pte[1] >> 2; if :: page_index[scratch_0] == 2 -> if :: page_index[0] == 2 -> page_newest[0] = scratch_0 == 0 :: else fi; if :: page_index[1] == 2 -> page_newest[1] = scratch_0 == 1 :: else fi; dirty = dirty | 2 :: else fi :: else fi; va = 0; scratch_0 = 0 }; goto end_1
  fi;
at_2: /* 0/1.or-0/0:handle_device_fault/2.then/0:down_read/0 */
  if
  :: d_step { (mm_mmap_sem_writer == 0) && ((mm_mmap_sem_waiters & 3) == 0); assert(!((mm_mmap_sem_readers & 2) != 0)); mm_mmap_sem_readers = mm_mmap_sem_readers | 2 }; goto at_3
  :: d_step { (mm_mmap_sem_writer != 0) || (!((mm_mmap_sem_waiters & 3) == 0)); mm_mmap_sem_waiters = (mm_mmap_sem_waiters | (1 << (((mm_mmap_sem_waiters & 3) * 2) + 2))) + 1 }; goto at_4
  fi;
at_3: /* 0/1.or-0/0:handle_device_fault/3.then/0 */
  if
  :: d_step { scratch_0 = hmm_notifiers; range_valid = scratch_0 == 0; hmm_ranges = va + 1; scratch_0 = 0 }; goto at_5
  fi;
at_4: /* 0/1.or-0/0:handle_device_fault/2.then/0:down_read/1.or-1/1:rwsem_read_granted */
  if
  :: d_step { (((mm_mmap_sem_waiters >> 2) & 1) == 1) && (mm_mmap_sem_writer == 0); mm_mmap_sem_waiters = ((mm_mmap_sem_waiters & 3) | ((mm_mmap_sem_waiters >> 4) << 2)) - 1; mm_mmap_sem_readers = mm_mmap_sem_readers | 2 }; goto at_3
  fi;
at_5: /* 0/1.or-0/0:handle_device_fault/4 */
  if
  :: d_step { if :: mm_pte[va] != 0 -> scratch_0 = mm_pte[va] - 1; range_pfn = 1 | (scratch_0 << 2) :: else -> range_pfn = 0 fi; scratch_0 = 0 }; goto at_6
  fi;
at_6: /* 0/1.or-0/0:handle_device_fault/5.then/0 */
  if
  :: d_step { (driver_update_owner == 0) && (!range_valid); assert(driver_update_owner != 2); assert(hmm_ranges != 0); hmm_ranges = 0; range_valid = 0; range_pfn = 0; driver_update_owner = 0; assert((mm_mmap_sem_readers & 2) != 0); mm_mmap_sem_readers = mm_mmap_sem_readers & 1 }; goto at_2
  :: d_step { ((driver_update_owner == 0) && range_valid) && ((range_pfn & 3) == 0); assert(driver_update_owner != 2); assert(hmm_ranges != 0); hmm_ranges = 0; range_valid = 0; range_pfn = 0; driver_update_owner = 0; assert((mm_mmap_sem_readers & 2) != 0); mm_mmap_sem_readers = mm_mmap_sem_readers & 1; va = 0 }; goto end_1
  :: d_step { ((driver_update_owner == 0) && range_valid) && (!((range_pfn & 3) == 0)); assert(driver_update_owner != 2); driver_update_owner = 2; assert(hmm_ranges != 0); hmm_ranges = 0 }; goto at_7
  fi;
at_7: /* 0/1.or-0/0:handle_device_fault/6 */
  if
  :: d_step { before_0 = mm_pte[0]; before_1 = mm_pte[1]; assert(((range_pfn & 3) == 1) && (mm_pte[va] == ((range_pfn >> 2) + 1))); driver_pte[va] = range_pfn; range_valid = 0; range_pfn = 0; assert(driver_update_owner == 2); driver_update_owner = 0; assert((mm_mmap_sem_readers & 2) != 0); mm_mmap_sem_readers = mm_mmap_sem_readers & 1; va = 0; assert((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1)))); assert((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1)))); assert(!((driver_pte[0] & 3) == 2)); assert(!((driver_pte[1] & 3) == 2)); assert((!(bracket_answered && (bracket_va == 1))) || ((driver_pte[0] & 3) == 0)); assert((!(bracket_answered && (bracket_va == 2))) || ((driver_pte[1] & 3) == 0)); assert((!((mm_pte[0] != 0) && (mm_pte[0] != before_0))) || ((mm_pte[0] == 0) || ((!((driver_pte[0] & 3) == 1)) || ((driver_pte[0] >> 2) == (mm_pte[0] - 1))))); assert((!((mm_pte[1] != 0) && (mm_pte[1] != before_1))) || ((mm_pte[1] == 0) || ((!((driver_pte[1] & 3) == 1)) || ((driver_pte[1] >> 2) == (mm_pte[1] - 1))))); before_0 = 0; before_1 = 0 }; goto end_1
  fi;
}
