/** Any JSON value: what a port, a store and a provider all carry without loss. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
