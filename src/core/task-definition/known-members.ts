/** Level to its members, apart by blanks. */
const members: Readonly<Record<string, string>> = {
  '': `
    containerDefinitions cpu enableFaultInjection ephemeralStorage executionRoleArn family
    inferenceAccelerators ipcMode memory networkMode pidMode placementConstraints
    proxyConfiguration requiresCompatibilities runtimePlatform tags taskRoleArn volumes`,
  'containerDefinitions[]': `
    command cpu credentialSpecs dependsOn disableNetworking dnsSearchDomains dnsServers
    dockerLabels dockerSecurityOptions entryPoint environment environmentFiles essential
    extraHosts firelensConfiguration healthCheck hostname image interactive links
    linuxParameters logConfiguration memory memoryReservation mountPoints name portMappings
    privileged pseudoTerminal readonlyRootFilesystem repositoryCredentials resourceRequirements
    restartPolicy secrets startTimeout stopTimeout systemControls ulimits user
    versionConsistency volumesFrom workingDirectory`,
  'containerDefinitions[].dependsOn[]': 'condition containerName',
  'containerDefinitions[].environmentFiles[]': 'type value',
  'containerDefinitions[].environment[]': 'name value',
  'containerDefinitions[].extraHosts[]': 'hostname ipAddress',
  'containerDefinitions[].firelensConfiguration': 'options type',
  'containerDefinitions[].healthCheck': 'command interval retries startPeriod timeout',
  'containerDefinitions[].linuxParameters': `
    capabilities devices initProcessEnabled maxSwap sharedMemorySize swappiness tmpfs`,
  'containerDefinitions[].linuxParameters.capabilities': 'add drop',
  'containerDefinitions[].linuxParameters.devices[]': 'containerPath hostPath permissions',
  'containerDefinitions[].linuxParameters.tmpfs[]': 'containerPath mountOptions size',
  'containerDefinitions[].logConfiguration': 'logDriver options secretOptions',
  'containerDefinitions[].logConfiguration.secretOptions[]': 'name valueFrom',
  'containerDefinitions[].mountPoints[]': 'containerPath readOnly sourceVolume',
  'containerDefinitions[].portMappings[]': `
    appProtocol containerPort containerPortRange hostPort name protocol`,
  'containerDefinitions[].repositoryCredentials': 'credentialsParameter',
  'containerDefinitions[].resourceRequirements[]': 'sharingStrategy type value',
  'containerDefinitions[].resourceRequirements[].sharingStrategy': 'nvidiaMps',
  'containerDefinitions[].resourceRequirements[].sharingStrategy.nvidiaMps': `
    maxComputePercent memory`,
  'containerDefinitions[].restartPolicy': 'enabled ignoredExitCodes restartAttemptPeriod',
  'containerDefinitions[].secrets[]': 'name valueFrom',
  'containerDefinitions[].systemControls[]': 'namespace value',
  'containerDefinitions[].ulimits[]': 'hardLimit name softLimit',
  'containerDefinitions[].volumesFrom[]': 'readOnly sourceContainer',
  ephemeralStorage: 'sizeInGiB',
  'inferenceAccelerators[]': 'deviceName deviceType',
  'placementConstraints[]': 'expression type',
  proxyConfiguration: 'containerName properties type',
  'proxyConfiguration.properties[]': 'name value',
  runtimePlatform: 'cpuArchitecture operatingSystemFamily',
  'tags[]': 'key value',
  'volumes[]': `
    configuredAtLaunch dockerVolumeConfiguration efsVolumeConfiguration
    fsxWindowsFileServerVolumeConfiguration host name s3filesVolumeConfiguration`,
  'volumes[].dockerVolumeConfiguration': 'autoprovision driver driverOpts labels scope',
  'volumes[].efsVolumeConfiguration': `
    authorizationConfig fileSystemId rootDirectory transitEncryption transitEncryptionPort`,
  'volumes[].efsVolumeConfiguration.authorizationConfig': 'accessPointId iam',
  'volumes[].fsxWindowsFileServerVolumeConfiguration': `
    authorizationConfig fileSystemId rootDirectory`,
  'volumes[].fsxWindowsFileServerVolumeConfiguration.authorizationConfig': `
    credentialsParameter domain`,
  'volumes[].host': 'sourcePath',
  'volumes[].s3filesVolumeConfiguration': `
    accessPointArn fileSystemArn rootDirectory transitEncryptionPort`,
}

/**
 * The members of RegisterTaskDefinition by the level that has them: `''` is the definition itself,
 * `volumes[].host` the host of each volume. Levels that are not here are maps with keys of the
 * user's, or no objects. A test holds this together with the ECS client's own model.
 */
export const knownMembers: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries(members).map(([level, names]) => [level, names.trim().split(/\s+/)]),
)
