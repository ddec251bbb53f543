/**
 * The mistakes that a model can have, by code: the usual cause of each, and the remedy. docs/errors.md is printed from
 * this table.
 */

export interface Mistake {
  readonly title: string
  readonly cause: string
  readonly remedy: string
}

export type MistakeCode =
  | 'HMM001'
  | 'HMM002'
  | 'HMM003'
  | 'HMM004'
  | 'HMM005'
  | 'HMM006'
  | 'HMM007'
  | 'HMM008'
  | 'HMM009'
  | 'HMM010'
  | 'HMM011'
  | 'HMM012'
  | 'HMM013'
  | 'HMM014'
  | 'HMM015'
  | 'HMM016'
  | 'HMM017'
  | 'HMM018'
  | 'HMM019'
  | 'HMM020'
  | 'HMM021'
  | 'HMM022'
  | 'HMM023'
  | 'HMM024'
  | 'HMM025'
  | 'HMM026'
  | 'HMM027'
  | 'HMM028'
  | 'HMM029'
  | 'HMM030'
  | 'HMM031'
  | 'HMM032'
  | 'HMM033'
  | 'HMM034'
  | 'HMM035'
  | 'HMM036'
  | 'HMM037'
  | 'HMM038'
  | 'HMM040'
  | 'HMM041'
  | 'HMM045'
  | 'HMM046'
  | 'HMM050'
  | 'HMM051'
  | 'HMM052'
  | 'HMM053'
  | 'HMM054'

export const mistakes: Readonly<Record<MistakeCode, Mistake>> = {
  HMM001: {
    title: 'a statement outside a procedure or thread',
    cause: 'it stands at the top level of a file, or in a callback that runs after the model was built',
    remedy: 'move it into the body of a procedure, of a thread or of initially',
  },
  HMM002: {
    title: 'one name for two things',
    cause: 'a copied declaration, or a function that declares called twice',
    remedy: 'declare it once and share the handle, or give the second another name',
  },
  HMM003: {
    title: 'a reserved name',
    cause: 'the language itself uses this name on every handle or type of this kind',
    remedy: 'choose another name for the field or case',
  },
  HMM004: {
    title: 'Break or Continue outside a loop',
    cause: 'the loop is in the caller: a procedure cannot leave it',
    remedy: 'return a value and test it in the loop',
  },
  HMM005: {
    title: '.Else does not follow its If',
    cause: 'another statement was recorded between the If and its .Else, or .Else was called twice',
    remedy: 'write .Else directly behind the block of its If',
  },
  HMM006: {
    title: 'an assignment to something that is not a place',
    cause: 'the target is the result of an operation, a chosen value or a parameter by value',
    remedy: 'assign a shared or local variable, a field or cell of one, or take the parameter by ref()',
  },
  HMM007: {
    title: 'an unknown name',
    cause: 'the model was built or edited by hand',
    remedy: 'declare it, or correct the name',
  },
  HMM008: {
    title: 'an expression of the wrong type',
    cause: 'a cast, plain JavaScript, or a model built by hand; otherwise the compiler refuses it',
    remedy: 'compare, assign and combine values of one type',
  },
  HMM009: {
    title: 'an impossible type',
    cause: 'a bound, element or index type that the state cannot hold',
    remedy:
      'use a smaller type: ints within +-2^30, sets of at most 64 elements, indices and elements that can be listed, no optional of an optional',
  },
  HMM010: {
    title: 'an initial value that reads a variable',
    cause: 'the value depends on another variable',
    remedy: 'write initially, which may read and assign every variable',
  },
  HMM011: {
    title: 'arithmetic that may leave 32 bits',
    cause: 'sums of wide ranges',
    remedy: 'narrow the types of the terms',
  },
  HMM012: {
    title: 'recursion',
    cause: 'a procedure calls itself, directly or through others; calls are inlined',
    remedy: 'use Loop, or Label and Goto',
  },
  HMM013: {
    title: 'something that cannot stand inside a step',
    cause: 'it takes more than one transition, or the thread can rest in it',
    remedy: 'end the step before it, or call an atomic procedure',
  },
  HMM014: {
    title: 'a guard after an effect in one step',
    cause: 'when the guard is false, the step has already changed shared state and cannot undo it',
    remedy: 'put every Await, and every Choose with a condition, before the first effect on its path',
  },
  HMM015: {
    title: 'an argument that reads shared state',
    cause: 'the moment of the read would not be visible',
    remedy: 'read it into a local with Let first, or make the parameter a ref()',
  },
  HMM016: {
    title: 'a local used outside its scope',
    cause: 'a JavaScript variable carried it out of the block, procedure or thread it belongs to',
    remedy: 'pass it as an argument, return it, or declare it in the outer block',
  },
  HMM017: {
    title: 'a condition or value that no statement uses',
    cause:
      'a lower-case if or while, a !, && or || is JavaScript and sees only an object; or an increment was written as plus',
    remedy: 'use If, Loop with Break, not, and, or; assign with set',
  },
  HMM018: {
    title: 'an impossible modulus, or bits of a number that may be negative',
    cause: 'mod() of a number below 1, or bits of a number that may be negative',
    remedy: 'write mod(n) with a whole number n of at least 1; take bits only of a type without negative numbers',
  },
  HMM019: {
    title: 'a loop with nothing in it',
    cause: 'on some path around the loop, or from a label back to it, no step is taken',
    remedy: 'put a step on every path around the loop',
  },
  HMM020: {
    title: 'a ghost that influences behaviour',
    cause: 'something that is not a ghost depends on a ghost, or a ghost changes in a transition of its own',
    remedy:
      'assign ghosts inside a Step or atomic procedure; read them only in ghosts, asserts, covers, properties, and in an If of a step whose branches assign only ghosts',
  },
  HMM021: {
    title: 'a ForEach in a step that depends on its order',
    cause: 'an iteration reads or overwrites what another iteration writes, or a saturating sum goes up and down',
    remedy:
      'write only to cells indexed by the element, write the same value in each iteration, or combine the values with only one of +, -, |=, &=, or() and and(); or put the ForEach outside the step',
  },
  HMM022: {
    title: 'two transitions with one label',
    cause: 'two branches of an Either begin with the same label, so a schedule could not tell which was taken',
    remedy: 'move the common part before the Either, or give one of them a label of its own with a Step',
  },
  HMM023: {
    title: 'a jump that cannot be made',
    cause: 'the label stands in another procedure or in a block that the Goto is not in, or was never or twice placed',
    remedy: 'jump to a label of the same block or of one around it; place an Ahead exactly once with Here',
  },
  HMM024: {
    title: 'before() outside a transition property',
    cause: 'only a transition has a state before it',
    remedy: 'write the property as transition(...), or record the old value in a ghost',
  },
  HMM025: {
    title: 'a property that does not fit its use',
    cause: 'the name is misspelt, or the property is of another kind',
    remedy: 'declare a sometimes(...) for a Cover, an assertion(...) for an Assert',
  },
  HMM026: {
    title: 'a Cover outside a step',
    cause: 'a witness belongs to the transition that shows it',
    remedy: 'put it into a Step or an atomic procedure',
  },
  HMM027: {
    title: 'a result on some paths only',
    cause:
      'one path through the procedure returns a value and another does not, or they return values of different types',
    remedy: 'return a value of one type on every path',
  },
  HMM028: {
    title: 'an argument that changes during the call',
    cause:
      'the callee assigns a local by reference, and another argument reads this local by value or uses it as an index',
    remedy: 'copy the value with Let before the call',
  },
  HMM029: {
    title: 'a Ghost block that does more than record',
    cause: 'a statement of the protocol stands in a Ghost block, or the block stands outside a step',
    remedy:
      'in Ghost, assign ghosts, witness and assert; put other statements behind the block, and the block into the step that it records',
  },
  HMM030: {
    title: 'a size that does not fit the model',
    cause:
      'the configuration lacks a sort, names one that the model does not have, gives a sort a size that is not a whole number from 0 to 64, or makes more than 64 threads',
    remedy: 'give a number of elements for each sort of the model, and for no other',
  },
  HMM031: {
    title: 'a constant that does not fit the model',
    cause:
      'the configuration lacks a constant, names one that the model does not have, or gives one a value outside its type',
    remedy: 'give a value of its type to each constant of the model, and to no other',
  },
  HMM032: {
    title: 'a thread the model does not have',
    cause: 'a misspelt name in the configuration',
    remedy: 'name threads of the model',
  },
  HMM033: {
    title: 'a value of a sort that has no elements',
    cause: 'the configuration gives the sort size 0, and a variable must always hold an element of it',
    remedy: 'give the sort an element, or make the variable optional',
  },
  HMM034: {
    title: 'an impossible initial state',
    cause: 'the initially block fails or has no outcome at all',
    remedy:
      'make every path through it assign values inside their types, and give each of its choices at least one value',
  },
  HMM045: {
    title: 'a property with a name that is reserved for a property of every model',
    cause: 'an invariant, assertion or other property was called deadlock, lock-deadlock or recoverable',
    remedy:
      "choose another name, or turn that check off with a reason: model(name, { ..., without: { deadlock: 'the reason' } })",
  },
  HMM046: {
    title: 'a check for hangs that cannot be turned off like this',
    cause:
      'a reason is missing, a name is misspelt, or deadlock(), lockDeadlock() or recoverable() stands among the properties as well',
    remedy:
      "write without: { recoverable: 'why it need not hold' } and remove it from the properties, or leave the check on",
  },
  HMM035: {
    title: 'a model too large for the engine',
    cause:
      'a choice among very many values, a state of very many words, a step with very many paths through it, or thousands of statements in a row',
    remedy: 'narrow the types, split a step in two, or use a smaller configuration',
  },
  HMM036: {
    title: 'an argument that the call does not accept',
    cause: 'plain JavaScript, or TypeScript that was not type-checked',
    remedy: 'pass what the message asks for; a type checker finds such an argument before the model is recorded',
  },
  HMM037: {
    title: 'an operator of JavaScript on a handle',
    cause:
      "JavaScript's <, >=, +, -, ++, ==, or text with ${x}: a handle stands for a value that does not exist yet while the model is recorded",
    remedy: 'write x.lt(y), x.plus(1), x.minus(1), x.increment(), x.eq(y); give labels as plain text',
  },
  HMM038: {
    title: 'a field or method that a handle does not have',
    cause:
      'a misspelt name, or a field of another struct; the fields of an optional or a union are bound by IfSome, IfIs or Match',
    remedy: 'correct the name',
  },
  HMM040: {
    title: 'an initial value outside its type',
    cause:
      'a number outside the range of the variable, field or cell; wrapping and saturating apply to computed values, not to initial ones',
    remedy: 'give it a value of its type, or widen the type',
  },
  HMM041: {
    title: 'a model that is nested too deeply',
    cause: 'a function that builds an expression or a block from itself, over and over',
    remedy:
      'pass all parts to and() and or() at once, keep intermediate values in a local, and put statements one after the other',
  },
  HMM050: {
    title: 'an id that outlives what it names',
    cause:
      'a local, a parameter or a value bound by an If holds the id of something that is freed and reused, and nothing is checked where it is used',
    remedy:
      'read it again in the step that uses it; or keep it in a shared pointer that the freeing step turns stale (DevicePte); or say what keeps it from being ' +
      "freed, which is then asserted at each use: Held(page, 'the reference that ...'); or, if it may have been reused by then, say why that does no harm: " +
      "Reused(page, '...')",
  },
  HMM051: {
    title: 'a pointer that nothing turns stale',
    cause: 'a variable that can hold a pointer was added, but the code that frees does not turn it stale',
    remedy:
      'turn it stale in the step that frees: pageAllocator(mem_map, { freed: (page) => turn_stale(driver.pte, page) })',
  },
  HMM052: {
    title: 'Held or Reused of something that is not a local',
    cause: 'shared state is read again at each use',
    remedy: 'name the local, parameter or bound value that keeps the id',
  },
  HMM053: {
    title: 'a sample used as a number',
    cause:
      'the only thing known about a sample is whether its counter still has the same number; its number is not known, nor whether two outdated samples are equal',
    remedy:
      'use sample.isCurrent or sample.isStale; keep samples in variables, fields of structs and cells of arrays; for an optional sample, keep a Bool beside it',
  },
  HMM054: {
    title: 'Shows outside the block of a step, or twice in one',
    cause:
      'a transition stands for one event of a recording, and what it shows is said in the block of its Step itself',
    remedy:
      "write it once, directly in the block of a Step that stands in no other: Step('...', () => { ...; Shows('...') })",
  },
}
