export const id = 411;
export const ids = [411];
export const modules = {

/***/ 8792:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   createRoles: () => (/* binding */ createRoles)
/* harmony export */ });
/* harmony import */ var _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(6244);
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(4119);
/* harmony import */ var _settings_js__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(9306);



/** IAM by its SDK, loaded at the first question: most runs have none. */
function createRoles(settings) {
    return {
        async exists(name) {
            const { GetRoleCommand, IAMClient } = await __webpack_require__.e(/* import() */ 764).then(__webpack_require__.t.bind(__webpack_require__, 6764, 19));
            const iam = new IAMClient((0,_settings_js__WEBPACK_IMPORTED_MODULE_2__/* .clientConfiguration */ .k)(settings, 3));
            try {
                await (0,_failure_js__WEBPACK_IMPORTED_MODULE_1__/* .callAws */ .I)('IAM', 'GetRole', () => iam.send(new GetRoleCommand({ RoleName: name })));
                return true;
            }
            catch (error) {
                if (error instanceof _core_errors_aws_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .AwsFailure */ .O && /^NoSuchEntity/.test(error.code))
                    return false;
                throw error;
            }
            finally {
                iam.destroy();
            }
        },
    };
}


/***/ })

};
