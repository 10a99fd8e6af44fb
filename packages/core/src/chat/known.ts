/** The fields that hold something: what is unknown is left out, so that it can be told from what is known. */
export function known<T extends object>(fields: { readonly [name in keyof T]: T[name] | undefined }): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}
