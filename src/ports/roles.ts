/** IAM, as far as a preflight may ask it. */
export interface Roles {
  /**
   * Whether a role of the caller's account is there.
   * @param name Without its path.
   * @throws AwsFailure
   */
  exists(name: string): Promise<boolean>
}
