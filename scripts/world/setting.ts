/** What the first process of a world is told, as JSON in its first argument. */
export interface WorldSetting {
  /** The control group that containers are put below. */
  readonly cgroup: string
  /** The folder that the command runs in. */
  readonly cwd: string
  /** Addresses by host name, for /etc/hosts. */
  readonly hosts: Readonly<Record<string, string>>
}
