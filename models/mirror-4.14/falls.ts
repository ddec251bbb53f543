/** What falls together, under the names that the expectations give to it. */

/** An entry that is left behind for good, installed from a snapshot that is out of date or beside an open bracket. */
export const leftBehind = ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-CONTENT']
/** A page that is reached after it was taken out of the page table. */
export const usedInBracket = ['P-AGREE', 'P-AGREE-STATE', 'P-NOUAF', 'P-CONTENT']
/** The same without a second page to disagree on. */
export const usedAlone = ['P-NOUAF', 'P-CONTENT']
/** A notifier that is registered inside a bracket, and a struct hmm that does not count it. */
export const hookedInBracket = ['P-NOUAF', 'P-NOUAF-ENTRY', 'P-INV', 'P-RETRY', 'P-BAL', 'P-BAL-PAIR']

export const bugOnTrylock = 'misuse: BUG_ON(down_read_trylock(&mm->mmap_sem)) in mm_take_all_locks()'
export const bugOnUsers = 'misuse: BUG_ON(mm_users <= 0) in __mmu_notifier_register()'
export const freedHeld = 'misuse: freeing a held lock: hmm->mirrors_sem'
