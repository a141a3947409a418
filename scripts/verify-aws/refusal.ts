/** Why nothing was begun, in one line. */
export class Refusal extends Error {}
