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
;// CONCATENATED MODULE: ./lib/src/adapters/registry/manifests.js






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
        const answer = await this.#send('BatchGetImage', `/v2/${name}/manifests/${reference}`, {
            headers: { accept: manifest/* manifestMediaTypes */.$.join(', ') },
        });
        if (answer.status === 404) {
            if (codeOf(answer.text) !== 'NAME_UNKNOWN')
                return undefined;
            throw this.#failure('BatchGetImage', answer);
        }
        if (answer.status !== 200)
            throw this.#failure('BatchGetImage', answer);
        const digest = (0,verify/* contentDigest */.eZ)(answer.text);
        // Asked for by digest, other bytes are no image of that name, whatever the registry says.
        if ((0,image_digest/* isDigest */.Bc)(reference) && digest !== reference) {
            throw this.#failure('BatchGetImage', { ...answer, text: 'the bytes have another digest' });
        }
        return { digest, mediaType: answer.mediaType, manifest: answer.text };
    }
    /** Stores the very bytes under a tag, or by digest alone. @returns the digest that was answered. */
    async put(name, image, tag) {
        const path = `/v2/${name}/manifests/${tag ?? image.digest}`;
        const answer = await this.#send('PutImage', path, {
            method: 'PUT',
            headers: { 'content-type': image.mediaType },
            body: image.manifest,
        });
        if (answer.status !== 201)
            throw this.#failure('PutImage', answer);
        if (answer.digest !== undefined && answer.digest !== image.digest) {
            const text = `the registry answers ${answer.digest} for ${image.digest}`;
            throw this.#failure('PutImage', { ...answer, text });
        }
        return image.digest;
    }
    async #send(operation, path, init) {
        const { service, origin } = this.#access;
        const authorization = await this.#access.authorization();
        const headers = { ...Object.fromEntries(new Headers(init.headers)), authorization };
        const signal = AbortSignal.timeout(limitMs);
        try {
            // A redirect would carry the password elsewhere.
            const redirect = 'error';
            const response = await fetch(new URL(path, origin), { ...init, headers, redirect, signal });
            return {
                status: response.status,
                mediaType: (response.headers.get('content-type') ?? '').split(';', 1).join(''),
                digest: response.headers.get('docker-content-digest') ?? undefined,
                text: await readText(response),
            };
        }
        catch (error) {
            const cause = error instanceof Error ? (error.cause ?? error) : error;
            const code = (0,error_code/* errorCode */.C)(cause) ?? (error instanceof Error ? error.name : 'Unknown');
            const message = error instanceof Error ? error.message : String(error);
            throw new aws_failure/* AwsFailure */.O({ service, operation, code, message }, { cause: error });
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
async function readText(response) {
    const reader = response.body?.getReader();
    const chunks = [];
    let bytes = 0;
    for (;;) {
        const value = (await reader?.read())?.value;
        if (value === undefined)
            return Buffer.concat(chunks).toString('utf8');
        bytes += value.byteLength;
        if (bytes > limitBytes)
            throw new RangeError('the answer is larger than 4 MiB');
        chunks.push(value);
    }
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
/**
 * ECR Public: its API has neither BatchGetImage nor scans, mutability or creation templates, so that
 * manifests go by the registry's protocol. The client of its API is loaded when it is first asked.
 * @param origin Of the registry.
 */
function createEcrPublic(settings, origin = 'https://public.ecr.aws') {
    let loaded;
    const api = () => (loaded ??= load(settings));
    const manifests = new RegistryManifests({ service, origin, authorization: bearer(api) });
    return {
        authorizationToken: async () => (await api()).authorizationToken(),
        describeRepository: async (name) => (await api()).describeRepository(name),
        tagsOf: async (repository, digest) => (await api()).tagsOf(repository, digest),
        newestTags: async (repository, count) => (await api()).newestTags(repository, count),
        readManifest: ({ name }, image) => manifests.read(name, 'tag' in image ? image.tag : image.digest),
        tagImage: ({ name }, manifest, tag) => manifests.put(name, manifest, tag),
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
function bearer(api) {
    let current;
    return async () => {
        if (current === undefined || current.expiresAt.getTime() - Date.now() < 60_000) {
            current = await (await api()).authorizationToken();
        }
        const { username, password } = current;
        return `Bearer ${Buffer.from(`${username}:${password}`).toString('base64')}`;
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
        registryHosts: refuse('DescribeRegistries', 'ECR Public has one host'),
        pushTemplates: () => Promise.resolve([]),
        createRepository: refuse('CreateRepository', unmade),
        putLifecyclePolicy: refuse('PutLifecyclePolicy', unmade),
        setRepositoryPolicy: refuse('SetRepositoryPolicy', unmade),
    };
}


/***/ })

};
