/**
 * A value as JSON: bool, int, enum member, id as a number; null is none; a union is { is, fields }; sets in the order
 * of the type; queues from the head.
 */
export type Plain = boolean | number | string | null | readonly Plain[] | { readonly [key: string]: Plain }
