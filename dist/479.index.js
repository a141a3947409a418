export const id = 479;
export const ids = [479];
export const modules = {

/***/ 860:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   createEcr: () => (/* binding */ createEcr)
/* harmony export */ });
/* harmony import */ var _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(8249);
/* harmony import */ var _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6244);
/* harmony import */ var _core_image_digest_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(3863);
/* harmony import */ var _core_image_manifest_js__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(5149);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4119);
/* harmony import */ var _settings_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9306);






/** ECR in one region. Every call may be repeated: a tag that is put twice is put once. */
function createEcr(settings) {
    const client = new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .ECRClient */ .S70((0,_settings_js__WEBPACK_IMPORTED_MODULE_2__/* .clientConfiguration */ .k)(settings, 4));
    const readManifest = manifestReader(client);
    return {
        authorizationToken: () => authorizationToken(client),
        describeRepository: (name, accountId) => describeRepository(client, name, accountId),
        readManifest,
        tagImage: tagger(client, readManifest),
        tagsOf: (repository, digest) => tagsOf(client, repository, digest),
        newestTags: (repository, count) => newestTags(client, repository, count),
    };
}
async function authorizationToken(client) {
    const answer = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .I)('ECR', 'GetAuthorizationToken', () => client.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .GetAuthorizationTokenCommand */ .Eu6({})));
    const [data] = answer.authorizationData ?? [];
    const text = Buffer.from(data?.authorizationToken ?? '', 'base64').toString('utf8');
    const colon = text.indexOf(':');
    if (colon < 1 || data?.expiresAt === undefined) {
        throw emptyAnswer('GetAuthorizationToken', 'the answer holds no token');
    }
    return {
        username: text.slice(0, colon),
        password: text.slice(colon + 1),
        expiresAt: data.expiresAt,
    };
}
async function describeRepository(client, name, accountId) {
    const input = { repositoryNames: [name], registryId: accountId };
    const answer = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .I)('ECR', 'DescribeRepositories', () => client.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .DescribeRepositoriesCommand */ .pE_(input))).catch(undefinedFor('RepositoryNotFoundException'));
    if (answer === undefined)
        return undefined;
    const [found] = answer.repositories ?? [];
    if (found?.repositoryUri === undefined || found.registryId === undefined) {
        throw emptyAnswer('DescribeRepositories', `the answer does not describe "${name}"`);
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
        const answer = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .I)('ECR', 'BatchGetImage', () => client.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .BatchGetImageCommand */ .P8n({
            registryId: repository.accountId,
            repositoryName: repository.name,
            imageIds: ['tag' in image ? { imageTag: image.tag } : { imageDigest: image.digest }],
            acceptedMediaTypes: [..._core_image_manifest_js__WEBPACK_IMPORTED_MODULE_4__/* .manifestMediaTypes */ .$],
        }))).catch(undefinedFor('ImageNotFoundException'));
        const [found] = answer?.images ?? [];
        if (found === undefined) {
            const [failure] = answer?.failures ?? [];
            if (failure === undefined || failure.failureCode === 'ImageNotFound')
                return undefined;
            throw emptyAnswer('BatchGetImage', `${failure.failureCode ?? ''}: ${failure.failureReason ?? ''}`);
        }
        const { imageId, imageManifest, imageManifestMediaType } = found;
        if (imageId?.imageDigest === undefined || imageManifest === undefined) {
            throw emptyAnswer('BatchGetImage', 'the answer holds no manifest');
        }
        return {
            digest: (0,_core_image_digest_js__WEBPACK_IMPORTED_MODULE_5__/* .parseDigest */ .m)(imageId.imageDigest),
            mediaType: imageManifestMediaType ?? '',
            manifest: imageManifest,
        };
    };
}
function tagger(client, readManifest) {
    return async (repository, image, tag) => {
        try {
            await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .I)('ECR', 'PutImage', () => client.send(putImage(repository, image, tag)));
        }
        catch (error) {
            if (!(error instanceof _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFailure */ .O))
                throw error;
            // ECR answers the second even where the immutable tag names this very image (containers-roadmap#2179).
            if (error.code !== 'ImageAlreadyExistsException') {
                if (error.code !== 'ImageTagAlreadyExistsException')
                    throw error;
                const named = await readManifest(repository, { tag });
                if (named?.digest !== image.digest)
                    throw error;
            }
        }
        return image.digest;
    };
}
function putImage(repository, image, tag) {
    return new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .PutImageCommand */ .SUU({
        registryId: repository.accountId,
        repositoryName: repository.name,
        imageManifest: image.manifest,
        // Without it ECR refuses OCI types as "Invalid JSON syntax" (containers-roadmap#1873).
        imageManifestMediaType: image.mediaType,
        imageDigest: image.digest,
        imageTag: tag,
    });
}
async function tagsOf(client, { accountId, name }, digest) {
    const imageIds = [{ imageDigest: digest }];
    const input = { registryId: accountId, repositoryName: name, imageIds };
    const answer = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .I)('ECR', 'DescribeImages', () => client.send(new _aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .DescribeImagesCommand */ .ji5(input))).catch(undefinedFor('ImageNotFoundException'));
    return answer?.imageDetails?.flatMap((image) => image.imageTags ?? []) ?? [];
}
async function newestTags(client, repository, count) {
    const images = await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .I)('ECR', 'DescribeImages', async () => {
        const found = [];
        const pages = (0,_aws_sdk_client_ecr__WEBPACK_IMPORTED_MODULE_3__/* .paginateDescribeImages */ .XiR)({ client, pageSize: 1000 }, {
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
function undefinedFor(code) {
    return (error) => {
        if (error instanceof _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFailure */ .O && error.code === code)
            return undefined;
        throw error;
    };
}
function emptyAnswer(operation, message) {
    return new _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFailure */ .O({
        service: 'ECR',
        operation,
        code: 'EmptyAnswer',
        message,
        httpStatus: 200,
    });
}


/***/ })

};
