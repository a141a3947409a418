export const id = 531;
export const ids = [531];
export const modules = {

/***/ 801:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   W: () => (/* binding */ emptyAnswer),
/* harmony export */   i: () => (/* binding */ undefinedFor)
/* harmony export */ });
/* harmony import */ var _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6244);

/** Makes nothing of the failure with this code; others go on. */
function undefinedFor(code) {
    return (error) => {
        if (error instanceof _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFailure */ .O && error.code === code)
            return undefined;
        throw error;
    };
}
/** An answer without what it is asked for. */
function emptyAnswer(service, operation, message) {
    return new _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFailure */ .O({ service, operation, code: 'EmptyAnswer', message, httpStatus: 200 });
}


/***/ }),

/***/ 8531:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createEcr: () => (/* binding */ createEcr)
});

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ecr/dist-cjs/index.js
var dist_cjs = __webpack_require__(8249);
// EXTERNAL MODULE: ./lib/src/core/errors/aws-failure.js
var aws_failure = __webpack_require__(6244);
// EXTERNAL MODULE: ./lib/src/core/errors/tag-taken.js
var tag_taken = __webpack_require__(5128);
// EXTERNAL MODULE: ./lib/src/core/image/digest.js
var digest = __webpack_require__(3863);
// EXTERNAL MODULE: ./lib/src/core/image/content/manifest.js
var manifest = __webpack_require__(6131);
// EXTERNAL MODULE: ./lib/src/adapters/aws/ecr-answers.js
var ecr_answers = __webpack_require__(801);
// EXTERNAL MODULE: ./lib/src/adapters/system/error-code.js
var error_code = __webpack_require__(8753);
// EXTERNAL MODULE: ./lib/src/adapters/system/http-request.js
var http_request = __webpack_require__(7089);
// EXTERNAL MODULE: ./lib/src/adapters/aws/failure.js
var failure = __webpack_require__(4119);
;// CONCATENATED MODULE: ./lib/src/adapters/aws/ecr-blobs.js





/** A call and what it leads to; nobody waits for sizes any longer. */
const limitMs = 10_000;
/** Blobs by GetDownloadUrlForLayer: S3 serves what its presigned URL names, and ranges of it. */
function createEcrBlobs(client) {
    return {
        readTail: async (repository, digest, count, runSignal) => {
            const signal = limited(runSignal);
            const url = await downloadUrl(client, repository, digest, signal);
            return await download(url, { range: `bytes=-${count}`, maxBytes: count, signal });
        },
        readBlob: async (repository, digest, maxBytes, runSignal) => {
            const signal = limited(runSignal);
            const url = await downloadUrl(client, repository, digest, signal);
            return await download(url, { range: undefined, maxBytes, signal });
        },
    };
}
function limited(signal) {
    return AbortSignal.any([signal, AbortSignal.timeout(limitMs)]);
}
async function downloadUrl(client, { accountId, name }, layerDigest, abortSignal) {
    const command = new dist_cjs/* GetDownloadUrlForLayerCommand */.pKL({
        registryId: accountId,
        repositoryName: name,
        layerDigest,
    });
    const answer = await (0,failure/* callAws */.I)('ECR', 'GetDownloadUrlForLayer', () => client.send(command, { abortSignal }));
    if (answer.downloadUrl !== undefined && URL.canParse(answer.downloadUrl)) {
        return new URL(answer.downloadUrl);
    }
    throw unreadable('EmptyAnswer', 'the answer holds no URL');
}
/** The URL is a secret for as long as it works: no message names it. */
async function download(url, part) {
    const answer = await request(url, part);
    const wanted = part.range === undefined ? 200 : 206;
    const { statusCode } = answer;
    if (statusCode !== wanted) {
        answer.destroy();
        throw unreadable('UnexpectedAnswer', `the store answered ${statusCode ?? 0}`, statusCode);
    }
    return await collect(answer, part.maxBytes);
}
async function collect(answer, maxBytes) {
    try {
        return await (0,http_request/* readBody */.x)(answer, maxBytes);
    }
    catch (error) {
        if (error instanceof RangeError) {
            throw unreadable('TooLarge', `the blob has more than ${maxBytes} bytes`);
        }
        throw unreadable((0,error_code/* errorCode */.C)(error) ?? 'Broken', 'the answer of the store broke off');
    }
}
async function request(url, { range, signal }) {
    const headers = range === undefined ? {} : { range };
    try {
        return await (0,http_request/* sendRequest */.w)(url, { headers, signal });
    }
    catch (error) {
        const code = (0,error_code/* errorCode */.C)(error) ?? (error instanceof Error ? error.name : 'Unknown');
        throw unreadable(code, 'the store was not reached');
    }
}
function unreadable(code, message, httpStatus) {
    return new aws_failure/* AwsFailure */.O({ service: 'S3', operation: 'GetObject', code, message, httpStatus });
}

// EXTERNAL MODULE: ./lib/src/adapters/aws/settings.js + 2 modules
var aws_settings = __webpack_require__(9306);
;// CONCATENATED MODULE: ./lib/src/adapters/aws/ecr-repositories.js




/** Repositories as ECR's API makes them. */
function createEcrRepositories(client, settings) {
    const maker = new dist_cjs/* ECRClient */.S70((0,aws_settings/* clientConfiguration */.k)(settings, 1));
    return {
        registryHosts: (accountIds) => registryHosts(client, accountIds),
        pushTemplates: () => pushTemplates(client),
        createRepository: creator(maker),
        madeRepository: (repository) => madeRepository(client, repository),
        async putLifecyclePolicy({ name, accountId }, policy, abortSignal) {
            const input = { registryId: accountId, repositoryName: name, lifecyclePolicyText: policy };
            await (0,failure/* callAws */.I)('ECR', 'PutLifecyclePolicy', () => client.send(new dist_cjs/* PutLifecyclePolicyCommand */.Rcn(input), { abortSignal }));
        },
        async setRepositoryPolicy({ name, accountId }, policy, abortSignal) {
            const input = { registryId: accountId, repositoryName: name, policyText: policy };
            await (0,failure/* callAws */.I)('ECR', 'SetRepositoryPolicy', () => client.send(new dist_cjs/* SetRepositoryPolicyCommand */.IOA(input), { abortSignal }));
        },
    };
}
/**
 * The answer tells the host of the caller's own registry; those of other accounts in the region differ
 * from it by the account alone. The field that asks for theirs is deprecated. The token is not used.
 */
async function registryHosts(client, accountIds) {
    const answer = await (0,failure/* readAws */.k)('ECR', 'GetAuthorizationToken', () => client.send(new dist_cjs/* GetAuthorizationTokenCommand */.Eu6({})));
    const endpoint = answer.authorizationData?.[0]?.proxyEndpoint;
    if (endpoint === undefined) {
        throw (0,ecr_answers/* emptyAnswer */.W)('ECR', 'GetAuthorizationToken', 'the answer does not tell the host');
    }
    const own = endpoint.replace(/^https?:\/\//, '');
    return accountIds.map((accountId) => own.replace(/^\d{12}(?=\.)/, accountId));
}
async function pushTemplates(client) {
    const templates = await (0,failure/* readAws */.k)('ECR', 'DescribeRepositoryCreationTemplates', async () => {
        const found = [];
        const pages = (0,dist_cjs/* paginateDescribeRepositoryCreationTemplates */.tBR)({ client }, {});
        for await (const page of pages)
            found.push(...(page.repositoryCreationTemplates ?? []));
        return found;
    });
    return templates.flatMap((template) => {
        const { prefix, appliedFor, imageTagMutability, imageTagMutabilityExclusionFilters } = template;
        if (prefix === undefined || appliedFor?.includes('CREATE_ON_PUSH') !== true)
            return [];
        const mutability = toMutability(imageTagMutability, imageTagMutabilityExclusionFilters);
        return [{ prefix, mutability }];
    });
}
function creator(client) {
    return async ({ name, accountId }, mutability, settings, abortSignal) => {
        const { scanOnPush, encryption, tags } = settings;
        const { type, kmsKey } = encryption;
        const command = new dist_cjs/* CreateRepositoryCommand */.WTe({
            registryId: accountId,
            repositoryName: name,
            ...mutabilityMembers(mutability),
            imageScanningConfiguration: { scanOnPush },
            encryptionConfiguration: { encryptionType: type, kmsKey },
            tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
        });
        const { repository } = await (0,failure/* callAws */.I)('ECR', 'CreateRepository', () => client.send(command, { abortSignal }));
        if (repository === undefined) {
            throw (0,ecr_answers/* emptyAnswer */.W)('ECR', 'CreateRepository', 'the answer holds no repository');
        }
    };
}
async function madeRepository(client, { name, accountId }) {
    const command = new dist_cjs/* DescribeRepositoriesCommand */.pE_({
        registryId: accountId,
        repositoryNames: [name],
    });
    const answer = await (0,failure/* readAws */.k)('ECR', 'DescribeRepositories', () => client.send(command)).catch((0,ecr_answers/* undefinedFor */.i)('RepositoryNotFoundException'));
    if (answer === undefined)
        return undefined;
    const [found] = answer.repositories ?? [];
    if (found === undefined) {
        throw (0,ecr_answers/* emptyAnswer */.W)('ECR', 'DescribeRepositories', `the answer does not describe "${name}"`);
    }
    const { imageTagMutability, imageTagMutabilityExclusionFilters } = found;
    return {
        createdAt: found.createdAt,
        mutability: toMutability(imageTagMutability, imageTagMutabilityExclusionFilters),
        scanOnPush: found.imageScanningConfiguration?.scanOnPush ?? false,
        encryptionType: found.encryptionConfiguration?.encryptionType ?? 'AES256',
    };
}
function toMutability(tagMutability = 'MUTABLE', filters = []) {
    return { tagMutability, exclusionFilters: filters.flatMap(({ filter }) => filter ?? []) };
}
function mutabilityMembers({ tagMutability, exclusionFilters }) {
    const known = [
        ...['MUTABLE', 'MUTABLE_WITH_EXCLUSION'],
        ...['IMMUTABLE', 'IMMUTABLE_WITH_EXCLUSION'],
    ];
    const filters = exclusionFilters.map((filter) => ({ filterType: 'WILDCARD', filter }));
    return {
        imageTagMutability: known.find((each) => each === tagMutability),
        ...(filters.length > 0 && { imageTagMutabilityExclusionFilters: filters }),
    };
}

;// CONCATENATED MODULE: ./lib/src/adapters/aws/ecr-scan.js




const pageSize = 1000;
/** ECR's scans, basic and enhanced, in one form. */
function createEcrScan(client, settings) {
    // The SDK takes LimitExceededException for throttling (measured) and would ask for a second scan
    // in 24 hours again and again.
    const starter = new dist_cjs/* ECRClient */.S70((0,aws_settings/* clientConfiguration */.k)(settings, 1));
    return {
        describeScan: async (repository, digest) => {
            try {
                return await (0,failure/* readAws */.k)('ECR', 'DescribeImageScanFindings', () => describeScan(client, repository, digest));
            }
            catch (error) {
                if (error instanceof aws_failure/* AwsFailure */.O && error.code === 'ScanNotFoundException')
                    return undefined;
                throw error;
            }
        },
        startScan: async (repository, digest) => {
            await (0,failure/* callAws */.I)('ECR', 'StartImageScan', () => starter.send(new dist_cjs/* StartImageScanCommand */.Qc9(imageOf(repository, digest))));
        },
    };
}
function imageOf({ accountId, name }, digest) {
    return { registryId: accountId, repositoryName: name, imageId: { imageDigest: digest } };
}
async function describeScan(client, repository, digest) {
    const pages = [];
    const answers = (0,dist_cjs/* paginateDescribeImageScanFindings */.tY4)({ client, pageSize }, imageOf(repository, digest));
    for await (const page of answers)
        pages.push(page);
    const [first] = pages;
    const counts = first?.imageScanFindings?.findingSeverityCounts;
    return {
        status: first?.imageScanStatus?.status ?? 'UNKNOWN',
        description: first?.imageScanStatus?.description,
        counts: counts && lowerCase(counts),
        completedAt: first?.imageScanFindings?.imageScanCompletedAt,
        findings: pages.flatMap(({ imageScanFindings }) => [
            ...(imageScanFindings?.findings ?? []).map(basicFinding),
            ...(imageScanFindings?.enhancedFindings ?? []).map(enhancedFinding),
        ]),
    };
}
function lowerCase(counts) {
    return Object.fromEntries(Object.entries(counts).map(([severity, count]) => [severity.toLowerCase(), count ?? 0]));
}
function basicFinding({ name, severity, attributes = [] }) {
    const value = (key) => attributes.find((attribute) => attribute.key === key)?.value;
    return {
        name: name ?? 'unnamed',
        severity: (severity ?? 'UNDEFINED').toLowerCase(),
        packageName: packageText(value('package_name'), value('package_version')),
    };
}
function enhancedFinding(finding) {
    const details = finding.packageVulnerabilityDetails;
    const [first] = details?.vulnerablePackages ?? [];
    return {
        name: details?.vulnerabilityId ?? finding.title ?? 'unnamed',
        severity: (finding.severity ?? 'UNTRIAGED').toLowerCase(),
        packageName: packageText(first?.name, first?.version),
    };
}
function packageText(name, version) {
    return name === undefined ? undefined : [name, version].filter(Boolean).join(' ');
}

;// CONCATENATED MODULE: ./lib/src/adapters/aws/ecr.js











/**
 * ECR in one region. Calls are repeated (a tag that is put twice is put once), but for
 * CreateRepository and StartImageScan. The SDK sends nothing again after the signal that a write is
 * given.
 */
function createEcr(settings) {
    const client = new dist_cjs/* ECRClient */.S70((0,aws_settings/* clientConfiguration */.k)(settings, 4));
    const readManifest = manifestReader(client);
    return {
        ...createEcrScan(client, settings),
        ...createEcrBlobs(client),
        ...createEcrRepositories(client, settings),
        authorizationToken: () => authorizationToken(client),
        describeRepository: (name, accountId) => describeRepository(client, name, accountId),
        readManifest,
        tagImage: tagger(client, readManifest),
        hasLayer: (repository, digest) => hasLayer(client, repository, digest),
        tagsOf: (repository, digest) => tagsOf(client, repository, digest),
        newestTags: (repository, count) => newestTags(client, repository, count),
    };
}
async function authorizationToken(client) {
    const answer = await (0,failure/* readAws */.k)('ECR', 'GetAuthorizationToken', () => client.send(new dist_cjs/* GetAuthorizationTokenCommand */.Eu6({})));
    const [data] = answer.authorizationData ?? [];
    const text = Buffer.from(data?.authorizationToken ?? '', 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 1 || data?.expiresAt === undefined) {
        throw (0,ecr_answers/* emptyAnswer */.W)('ECR', 'GetAuthorizationToken', 'the answer holds no token');
    }
    return {
        username: text.slice(0, colon),
        password: text.slice(colon + 1),
        expiresAt: data.expiresAt,
    };
}
async function describeRepository(client, name, accountId) {
    const input = { repositoryNames: [name], registryId: accountId };
    const answer = await (0,failure/* readAws */.k)('ECR', 'DescribeRepositories', () => client.send(new dist_cjs/* DescribeRepositoriesCommand */.pE_(input))).catch((0,ecr_answers/* undefinedFor */.i)('RepositoryNotFoundException'));
    if (answer === undefined)
        return undefined;
    const [found] = answer.repositories ?? [];
    if (found?.repositoryUri === undefined || found.registryId === undefined) {
        throw (0,ecr_answers/* emptyAnswer */.W)('ECR', 'DescribeRepositories', `the answer does not describe "${name}"`);
    }
    const filters = found.imageTagMutabilityExclusionFilters ?? [];
    return {
        name,
        accountId: found.registryId,
        uri: found.repositoryUri,
        tagMutability: found.imageTagMutability ?? 'MUTABLE',
        exclusionFilters: filters.flatMap(({ filter }) => filter ?? []),
    };
}
function manifestReader(client) {
    return async (repository, image) => {
        const answer = await (0,failure/* readAws */.k)('ECR', 'BatchGetImage', () => client.send(new dist_cjs/* BatchGetImageCommand */.P8n({
            registryId: repository.accountId,
            repositoryName: repository.name,
            imageIds: ['tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }],
            acceptedMediaTypes: [...manifest/* manifestMediaTypes */.$],
        }))).catch((0,ecr_answers/* undefinedFor */.i)('ImageNotFoundException'));
        const [found] = answer?.images ?? [];
        if (found === undefined) {
            const [failure] = answer?.failures ?? [];
            if (failure === undefined || failure.failureCode === 'ImageNotFound')
                return undefined;
            throw (0,ecr_answers/* emptyAnswer */.W)('ECR', 'BatchGetImage', `${failure.failureCode ?? ''}: ${failure.failureReason ?? ''}`);
        }
        const { imageId, imageManifest, imageManifestMediaType } = found;
        if (imageId?.imageDigest === undefined || imageManifest === undefined) {
            throw (0,ecr_answers/* emptyAnswer */.W)('ECR', 'BatchGetImage', 'the answer holds no manifest');
        }
        return {
            digest: (0,digest/* parseDigest */.m)(imageId.imageDigest),
            mediaType: imageManifestMediaType ?? '',
            manifest: imageManifest,
        };
    };
}
function tagger(client, readManifest) {
    return async (repository, image, tag, abortSignal) => {
        const command = putImage(repository, image, tag);
        try {
            await (0,failure/* callAws */.I)('ECR', 'PutImage', () => client.send(command, { abortSignal }));
        }
        catch (error) {
            if (!(error instanceof aws_failure/* AwsFailure */.O))
                throw error;
            // ECR answers the second even where the immutable tag names this very image (containers-roadmap#2179).
            if (error.code !== 'ImageAlreadyExistsException') {
                if (error.code !== 'ImageTagAlreadyExistsException')
                    throw error;
                const named = tag === undefined ? undefined : await readManifest(repository, { tag });
                if (named === undefined)
                    throw error;
                if (named.digest !== image.digest)
                    throw new tag_taken/* TagTaken */.q(error, named.digest);
            }
        }
        return image.digest;
    };
}
function putImage(repository, image, tag) {
    return new dist_cjs/* PutImageCommand */.SUU({
        registryId: repository.accountId,
        repositoryName: repository.name,
        imageManifest: image.manifest,
        // Without it ECR refuses OCI types as "Invalid JSON syntax" (containers-roadmap#1873).
        imageManifestMediaType: image.mediaType,
        imageDigest: image.digest,
        imageTag: tag,
    });
}
async function hasLayer(client, { accountId, name }, digest) {
    const input = { registryId: accountId, repositoryName: name, layerDigests: [digest] };
    const answer = await (0,failure/* readAws */.k)('ECR', 'BatchCheckLayerAvailability', () => client.send(new dist_cjs/* BatchCheckLayerAvailabilityCommand */.YmI(input)));
    return answer.layers?.[0]?.layerAvailability === 'AVAILABLE';
}
async function tagsOf(client, { accountId, name }, digest) {
    const imageIds = [{ imageDigest: digest }];
    const input = { registryId: accountId, repositoryName: name, imageIds };
    const answer = await (0,failure/* readAws */.k)('ECR', 'DescribeImages', () => client.send(new dist_cjs/* DescribeImagesCommand */.ji5(input))).catch((0,ecr_answers/* undefinedFor */.i)('ImageNotFoundException'));
    return answer?.imageDetails?.flatMap((image) => image.imageTags ?? []) ?? [];
}
async function newestTags(client, repository, count) {
    const images = await (0,failure/* readAws */.k)('ECR', 'DescribeImages', async () => {
        const found = [];
        const pages = (0,dist_cjs/* paginateDescribeImages */.XiR)({ client, pageSize: 1000 }, {
            registryId: repository.accountId,
            repositoryName: repository.name,
            filter: { tagStatus: 'TAGGED' },
        });
        for await (const page of pages)
            found.push(...(page.imageDetails ?? []));
        return found;
    });
    const pushedMs = (image) => image.imagePushedAt?.getTime() ?? 0;
    const newestFirst = images.sort((a, b) => pushedMs(b) - pushedMs(a));
    return newestFirst.flatMap((image) => image.imageTags ?? []).slice(0, count);
}


/***/ }),

/***/ 7089:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   w: () => (/* binding */ sendRequest),
/* harmony export */   x: () => (/* binding */ readBody)
/* harmony export */ });
/* harmony import */ var node_http__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7067);
/* harmony import */ var node_https__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4708);


// Global fetch passes the proxy variables by; Node's agents honour them where they are given them.
const options = { keepAlive: true, maxSockets: 16, proxyEnv: process.env };
const agents = { plain: new node_http__WEBPACK_IMPORTED_MODULE_0__.Agent(options), secure: new node_https__WEBPACK_IMPORTED_MODULE_1__.Agent(options) };
/** Sends a request through the proxy that the job names. Redirects are not followed. */
function sendRequest(url, request) {
    const { method = 'GET', headers = {}, body, signal } = request;
    return new Promise((resolve, reject) => {
        const sent = url.protocol === 'http:'
            ? (0,node_http__WEBPACK_IMPORTED_MODULE_0__.request)(url, { method, headers, signal, agent: agents.plain }, resolve)
            : (0,node_https__WEBPACK_IMPORTED_MODULE_1__.request)(url, { method, headers, signal, agent: agents.secure }, resolve);
        sent.on('error', reject);
        sent.end(body);
    });
}
/** @throws RangeError where there are more than `maxBytes`; else the network's error. */
async function readBody(answer, maxBytes) {
    const chunks = [];
    let length = 0;
    for await (const chunk of answer) {
        if (!(chunk instanceof Buffer))
            continue;
        length += chunk.length;
        if (length > maxBytes)
            throw new RangeError(`the answer has more than ${maxBytes} bytes`);
        chunks.push(chunk);
    }
    return Buffer.concat(chunks);
}


/***/ })

};
