/**
 * What a rollout can be busy with, in the order in which they are asked: an instant belongs to the
 * first of them that was going on. So the parts add up to the whole.
 */
export const timeParts = [
  'rollback',
  'provision',
  'pull',
  'start',
  'failing',
  'health',
  'deregistration',
  'stop',
  'bake',
  'other',
] as const
export type TimePart = (typeof timeParts)[number]
