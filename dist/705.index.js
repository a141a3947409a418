export const id = 705;
export const ids = [705];
export const modules = {

/***/ 7705:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  createEcrPublic: () => (/* binding */ createEcrPublic)
});

// EXTERNAL MODULE: ./lib/src/core/errors/aws-failure.js
var aws_failure = __webpack_require__(6244);
// EXTERNAL MODULE: ./lib/src/core/image/repository/basic-credential.js
var basic_credential = __webpack_require__(4127);
// EXTERNAL MODULE: ./lib/src/core/back-off.js
var back_off = __webpack_require__(2621);
// EXTERNAL MODULE: ./lib/src/core/image/digest.js
var image_digest = __webpack_require__(3863);
// EXTERNAL MODULE: ./lib/src/core/image/content/manifest.js
var manifest = __webpack_require__(6131);
// EXTERNAL MODULE: ./lib/src/core/image/content/verify.js
var verify = __webpack_require__(8291);
// EXTERNAL MODULE: ./lib/src/core/json.js
var json = __webpack_require__(5872);
// EXTERNAL MODULE: ./lib/src/adapters/system/error-code.js
var error_code = __webpack_require__(8753);
// EXTERNAL MODULE: ./lib/src/adapters/system/http-request.js
var http_request = __webpack_require__(7089);
;// CONCATENATED MODULE: ./lib/src/adapters/registry/manifests.js








/** As often as the SDK asks ECR. */
const attempts = 4;
/** Of one attempt. */
const limitMs = 20_000;
const limitBytes = 4 * 1024 * 1024;
/** Manifests by GET and PUT on `/v2/`. All throw AwsFailure. */
class RegistryManifests {
    #access;
    constructor(access) {
        this.#access = access;
    }
    /** @returns undefined where the repository has no such image. */
    async read(name, reference) {
        const answer = await this.#send('GetManifest', `/v2/${name}/manifests/${reference}`, {
            headers: { accept: manifest/* manifestMediaTypes */.$.join(', ') },
        });
        if (answer.status === 404) {
            if (codeOf(answer.text) !== 'NAME_UNKNOWN')
                return undefined;
            throw this.#failure('GetManifest', answer);
        }
        if (answer.status !== 200)
            throw this.#failure('GetManifest', answer);
        const digest = (0,verify/* contentDigest */.eZ)(answer.text);
        // Asked for by digest, other bytes are no image of that name, whatever the registry says.
        if ((0,image_digest/* isDigest */.Bc)(reference) && digest !== reference) {
            throw this.#failure('GetManifest', { ...answer, text: 'the bytes have another digest' });
        }
        return { digest, mediaType: answer.mediaType, manifest: answer.text };
    }
    /**
     * Stores the very bytes under a tag, or by digest alone; nothing is sent after `signal`.
     * @returns the digest that was answered.
     * @throws also the signal's reason.
     */
    async put(name, image, tag, signal) {
        const path = `/v2/${name}/manifests/${tag ?? image.digest}`;
        const answer = await this.#send('PutImage', path, {
            method: 'PUT',
            headers: { 'content-type': image.mediaType },
            body: image.manifest,
            signal,
        });
        if (answer.status !== 201)
            throw this.#failure('PutImage', answer);
        if (answer.digest !== undefined && answer.digest !== image.digest) {
            const text = `the registry answers ${answer.digest} for ${image.digest}`;
            throw this.#failure('PutImage', { ...answer, text });
        }
        return image.digest;
    }
    /**
     * Sends a request until it is answered, at most four times: a manifest that is put twice is put
     * once.
     */
    async #send(operation, path, message) {
        const { clock } = this.#access;
        for (let attempt = 1;; attempt += 1) {
            const authorization = await this.#access.authorization();
            message.signal?.throwIfAborted();
            const headers = { ...message.headers, authorization };
            const outcome = await this.#attempt(operation, path, { ...message, headers });
            if (attempt === attempts || !mayPass(outcome)) {
                if (outcome instanceof aws_failure/* AwsFailure */.O)
                    throw outcome;
                return outcome;
            }
            await clock.sleep((0,back_off/* backOffMs */.V)(attempt, clock.chance()), message.signal);
        }
    }
    async #attempt(operation, path, { signal, ...message }) {
        const { service, origin } = this.#access;
        const limit = AbortSignal.timeout(limitMs);
        const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
        let httpStatus;
        try {
            // A redirect, which would carry the password elsewhere, is an answer like others.
            const answer = await (0,http_request/* sendRequest */.w)(new URL(path, origin), { ...message, signal: either });
            httpStatus = answer.statusCode;
            return await toAnswer(answer);
        }
        catch (error) {
            const isOurs = error instanceof RangeError;
            const code = (0,error_code/* errorCode */.C)(error) ?? (error instanceof Error ? error.name : 'Unknown');
            const text = error instanceof Error ? error.message : String(error);
            return new aws_failure/* AwsFailure */.O({
                ...{ service, operation, code, message: text },
                httpStatus: isOurs ? httpStatus : undefined,
            }, { cause: error });
        }
    }
    #failure(operation, { status, text }) {
        const { service } = this.#access;
        const code = codes[codeOf(text) ?? ''] ?? codeOf(text) ?? `Http${status}`;
        return new aws_failure/* AwsFailure */.O({
            ...{ service, operation, code, httpStatus: status },
            message: messageOf(text),
        });
    }
}
/** What the registry calls by other names than the API. */
const codes = {
    DENIED: 'AccessDeniedException',
    UNAUTHORIZED: 'UnrecognizedClientException',
    NAME_UNKNOWN: 'RepositoryNotFoundException',
    MANIFEST_BLOB_UNKNOWN: 'ReferencedImagesNotFoundException',
    TOOMANYREQUESTS: 'ThrottlingException',
};
async function toAnswer(answer) {
    const { statusCode = 0, headers } = answer;
    const digest = headers['docker-content-digest'];
    return {
        status: statusCode,
        mediaType: (headers['content-type'] ?? '').split(';', 1).join(''),
        digest: typeof digest === 'string' ? digest : undefined,
        text: (await (0,http_request/* readBody */.x)(answer, limitBytes)).toString('utf8'),
    };
}
/** Whether the same request may be answered better in a moment. */
function mayPass(outcome) {
    const status = outcome instanceof aws_failure/* AwsFailure */.O ? outcome.httpStatus : outcome.status;
    return status === undefined || status === 429 || status >= 500;
}
function firstError(text) {
    return (0,json/* objectsAt */.yR)((0,json/* parseJsonObject */.dw)(text) ?? {}, 'errors')[0];
}
function codeOf(text) {
    const error = firstError(text);
    return error && (0,json/* stringAt */.bX)(error, 'code');
}
function messageOf(text) {
    const error = firstError(text);
    return (error && (0,json/* stringAt */.bX)(error, 'message')) ?? text.slice(0, 300);
}

;// CONCATENATED MODULE: ./lib/src/adapters/aws/ecr-public.js



const service = 'ECR Public';
/** A token is renewed so long before it expires. */
const renewalMs = 60_000;
/**
 * ECR Public: its API has neither BatchGetImage nor scans, mutability or creation templates, so that
 * manifests go by the registry's protocol. The client of its API is loaded when it is first asked.
 * @param origin Of the registry.
 */
function createEcrPublic(settings, surroundings, origin = 'https://public.ecr.aws') {
    let loaded;
    const api = () => (loaded ??= load(settings));
    const authorization = bearer(api, surroundings);
    const { clock } = surroundings;
    const manifests = new RegistryManifests({ service, origin, authorization, clock });
    return {
        authorizationToken: async () => (await api()).authorizationToken(),
        describeRepository: async (name) => (await api()).describeRepository(name),
        tagsOf: async (repository, digest) => (await api()).tagsOf(repository, digest),
        newestTags: async (repository, count) => (await api()).newestTags(repository, count),
        readManifest: ({ name }, image) => manifests.read(name, 'tag' in image ? image.tag : image.digest),
        tagImage: ({ name }, manifest, tag, signal) => manifests.put(name, manifest, tag, signal),
        ...nothingElse(),
    };
}
async function load(settings) {
    const { createEcrPublicApi } = await Promise.all(/* import() */[__webpack_require__.e(821), __webpack_require__.e(756)]).then(__webpack_require__.bind(__webpack_require__, 6756));
    return createEcrPublicApi(settings);
}
/**
 * The registry takes the API's token itself, `AWS:<password>` in base64, as a bearer (ECR Public user
 * guide, registry authentication by HTTP).
 */
function bearer(api, { clock, mask }) {
    let current;
    return async () => {
        const soonMs = clock.now().getTime() + renewalMs;
        if (current === undefined || current.expiresAt.getTime() < soonMs) {
            current = await (await api()).authorizationToken();
            mask(current.password);
            mask((0,basic_credential/* basicCredential */.g)(current));
        }
        return `Bearer ${(0,basic_credential/* basicCredential */.g)(current)}`;
    };
}
/** What there is not, in the words of an API that refuses it. */
function nothingElse() {
    const refuse = (operation, message) => () => Promise.reject(new aws_failure/* AwsFailure */.O({ service, operation, code: 'UnsupportedCommandException', message }));
    const unmade = 'repositories of ECR Public are not made here';
    return {
        describeScan: refuse('DescribeImageScanFindings', 'ECR Public scans no images'),
        startScan: refuse('StartImageScan', 'ECR Public scans no images'),
        readTail: refuse('GetDownloadUrlForLayer', 'ECR Public has no download URLs'),
        readBlob: refuse('GetDownloadUrlForLayer', 'ECR Public has no download URLs'),
        hasLayer: refuse('BatchCheckLayerAvailability', 'the registry itself is asked for layers'),
        registryHosts: refuse('DescribeRegistries', 'ECR Public has one host'),
        pushTemplates: () => Promise.resolve([]),
        createRepository: refuse('CreateRepository', unmade),
        madeRepository: refuse('DescribeRepositories', unmade),
        putLifecyclePolicy: refuse('PutLifecyclePolicy', unmade),
        setRepositoryPolicy: refuse('SetRepositoryPolicy', unmade),
    };
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
