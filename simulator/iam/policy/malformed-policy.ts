/** A policy document that cannot be read; each service has a code of its own for it. */
export class MalformedPolicy extends Error {}
