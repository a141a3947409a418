export const id = 77;
export const ids = [77];
export const modules = {

/***/ 7077:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

__webpack_require__.r(__webpack_exports__);
/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   createTargetGroups: () => (/* binding */ createTargetGroups)
/* harmony export */ });
/* harmony import */ var _failure_js__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(4119);
/* harmony import */ var _settings_js__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(9306);


/** Elastic Load Balancing, loaded at the first question: most runs have none. */
function createTargetGroups(settings) {
    const ask = async (operation, send) => {
        const library = await __webpack_require__.e(/* import() */ 586).then(__webpack_require__.t.bind(__webpack_require__, 586, 19));
        const client = new library.ElasticLoadBalancingV2Client((0,_settings_js__WEBPACK_IMPORTED_MODULE_1__/* .clientConfiguration */ .k)(settings, 3));
        try {
            return await (0,_failure_js__WEBPACK_IMPORTED_MODULE_0__/* .callAws */ .I)('Elastic Load Balancing', operation, () => send(client, library));
        }
        finally {
            client.destroy();
        }
    };
    return {
        async targets(targetGroupArn) {
            const answer = await ask('DescribeTargetHealth', (client, library) => client.send(new library.DescribeTargetHealthCommand({ TargetGroupArn: targetGroupArn })));
            return (answer.TargetHealthDescriptions ?? []).map(({ Target, TargetHealth }) => ({
                targetGroupArn,
                id: Target?.Id,
                port: Target?.Port,
                state: TargetHealth?.State ?? '',
                reason: TargetHealth?.Reason,
                description: TargetHealth?.Description,
            }));
        },
        async deregistrationDelaySeconds(targetGroupArn) {
            const answer = await ask('DescribeTargetGroupAttributes', (client, library) => client.send(new library.DescribeTargetGroupAttributesCommand({ TargetGroupArn: targetGroupArn })));
            const value = (answer.Attributes ?? []).find(({ Key }) => Key === 'deregistration_delay.timeout_seconds')?.Value;
            return value === undefined || !/^\d+$/.test(value) ? undefined : Number(value);
        },
    };
}


/***/ })

};
