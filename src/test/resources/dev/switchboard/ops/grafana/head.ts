import type { Dashboard } from '@grafana/schema';

/** A type with the values of its enums in place of them, since JSON has values. */
type Plain<T> = T extends string ? `${T}` : T extends readonly (infer U)[] ? Plain<U>[] : T extends object ? { [K in keyof T]: Plain<T[K]> } : T;

