// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

import {ISettlementEuro} from "./interfaces/ISettlementEuro.sol";

/// @title Settlement euro: minted against bank payments, burned by the holder for a payout
/// @dev Warning: worth a euro only as far as the issuer keeps the bank account that backs it.
contract SettlementEuro is ISettlementEuro, ERC20Permit, AccessControl {
    /// @notice Mints against bank payments.
    bytes32 public constant ISSUER_ROLE = keccak256("ISSUER_ROLE");

    /// @inheritdoc ISettlementEuro
    mapping(bytes32 bankReference => bool) public referenceUsed;

    constructor(address issuer) ERC20("Settlement Euro", "sEUR") ERC20Permit("Settlement Euro") {
        _grantRole(DEFAULT_ADMIN_ROLE, issuer);
        _grantRole(ISSUER_ROLE, issuer);
    }

    /// @inheritdoc ISettlementEuro
    function mint(address holder, uint256 amount, bytes32 bankReference) external onlyRole(ISSUER_ROLE) {
        if (bankReference == bytes32(0)) revert EmptyReference();
        if (amount == 0) revert EmptyAmount();
        if (referenceUsed[bankReference]) revert ReferenceUsed(bankReference);
        referenceUsed[bankReference] = true;
        emit Minted(holder, amount, bankReference);
        _mint(holder, amount);
    }

    /// @inheritdoc ISettlementEuro
    function redeem(uint256 amount, bytes32 payoutReference) external {
        if (payoutReference == bytes32(0)) revert EmptyReference();
        if (amount == 0) revert EmptyAmount();
        emit Redeemed(msg.sender, amount, payoutReference);
        _burn(msg.sender, amount);
    }

    /// @notice Counts in millionths: the smallest unit is 1 µ€.
    function decimals() public pure override returns (uint8) {
        return 6;
    }
}
