package kinds

import (
	"slices"
	"strings"
)

// The enumerations of documented.md, section 10.

// purposes of individuals: brief, "account_purpose accepted enum".
var individualPurposes = strings.Fields(`
	receive_payments manage_professional_income make_payments manage_personal_funds investment_trading
	charitable_donations investment_purposes operating_a_company payments_to_friends_or_family_abroad
	personal_or_living_expenses purchase_goods_and_services protect_wealth receive_salary
	receive_payment_for_freelancing`)

// purposes of businesses: observed 5.1 counts 18, which lack
// manage_personal_funds and add the last five.
var businessPurposes = strings.Fields(`
	receive_payments manage_professional_income make_payments investment_trading
	charitable_donations investment_purposes operating_a_company payments_to_friends_or_family_abroad
	personal_or_living_expenses purchase_goods_and_services protect_wealth receive_salary
	receive_payment_for_freelancing
	operating_business_payments receive_payments_for_goods_and_services internal_treasury
	third_party_money_transmission ecommerce_retail_payments`)

// documented 10.7, from the documentation of this version.
var individualFunds = strings.Fields(`
	salary self_employment_income investment_proceeds savings_inheritance_gift gifts inheritance
	investments_loans pension_retirement sale_of_assets_real_estate savings someone_elses_funds`)

// documented 10.7, from that of a later version. With the list of individuals
// they come to 19, as an older page counted.
var businessFunds = strings.Fields(`
	sales_of_goods_and_services company_funds owners_capital business_loans investment_proceeds
	investments_loans inter_company_funds third_party_funds treasury_reserves tax_refund`)

// brief, "immigration_status (non-US ACT) is exactly one of".
var immigrationStatuses = []string{
	"U.S. Citizen", "Permanent U.S. Resident", "Lawful Permanent Resident of U.S.",
	"Non-Permanent U.S. Resident", "Non-Resident of U.S.",
}

// documented 10.6.
var (
	individualVolumes = strings.Fields(`less_than_10000 10000_to_49999 50000_to_199999 200000_to_999999 1000000_or_more`)
	businessVolumes   = strings.Fields(`less_than_50000 50000_to_100000 100000_to_500000 500000_to_1000000
		1000000_to_5000000 5000000_to_10000000 more_than_10000000`)
)

// documented 10.8: photo ids; then these with tax numbers and company papers.
var (
	photoIDs = strings.Fields(`passport national_id drivers_license permanent_residency_id state_or_provincial_id
		military_id matriculate_id visa`)
	identityTypes = slices.Concat(photoIDs, otherPapers)
)

var otherPapers = strings.Fields(`
	ssn itin ein curp rfc cpf tin tax_id nit cnpj
	business_formation proof_of_address certificate_of_registration certificate_of_good_standing bylaws
	corporate_resolution board_minutes portfolio_statement source_of_wealth ein_letter`)

// documented 10.8: the two sides of an id, and company papers.
var documentTypes = strings.Fields(`
	front back file_business_formation file_proof_of_address file_certificate_of_registration
	file_certificate_of_good_standing file_bylaws file_corporate_resolution file_board_minutes
	file_portfolio_statement file_source_of_wealth file_ein_letter file_company_fiscal_registration`)

// documented 2.7, "Restricted countries for VA products".
var restrictedCountries = strings.Fields(`
	AFG BLR MMR CAF CIV CUB COD IRN IRQ LBR LBY PRK RUS SAU SOM SDN SYR UKR YEM VEN ZWE`)

// documented 10.1, all 93.
var industries = strings.Fields(`
	accommodation administrative_support_services air_transportation ambulatory_health_care_services
	amusement_gambling_recreation_industries animal_production apparel_manufacturing
	beverage_tobacco_product_manufacturing broadcasting building_material_garden_equipment_supplies_dealers
	chemical_manufacturing clothing_accessories_stores computer_electronic_product_manufacturing
	construction_of_buildings couriers_messengers credit_intermediation_related_activities crop_production
	data_processing_hosting_related_services educational_services
	electrical_equipment_appliance_component_manufacturing electronics_appliance_stores
	fabricated_metal_product_manufacturing fishing_hunting_trapping food_beverage_stores food_manufacturing
	food_services_drinking_places forestry_logging funds_trusts_other_financial_vehicles
	furniture_home_furnishings_stores furniture_related_product_manufacturing gasoline_stations
	general_merchandise_stores health_personal_care_stores heavy_civil_engineering_construction hospitals
	insurance_carriers_related_activities internet_publishing_broadcasting leather_allied_product_manufacturing
	lessors_nonfinancial_intangible_assets machinery_manufacturing management_of_companies
	merchant_wholesalers_durable_goods merchant_wholesalers_nondurable_goods mining_except_oil_gas
	miscellaneous_manufacturing miscellaneous_store_retailers monetary_authorities_central_bank
	motion_picture_sound_recording_industries motor_vehicle_parts_dealers museums_historical_sites
	nonmetallic_mineral_product_manufacturing nonstore_retailers nursing_residential_care_facilities
	oil_gas_extraction other_information_services paper_manufacturing performing_arts_spectator_sports
	personal_laundry_services petroleum_coal_products_manufacturing pipeline_transportation
	plastics_rubber_products_manufacturing postal_service primary_metal_manufacturing
	printing_related_support_activities private_households professional_scientific_technical public_administration
	publishing_industries rail_transportation real_estate religious_grantmaking_civic_professional_organizations
	rental_leasing_services repair_maintenance scenic_sightseeing_transportation
	securities_commodity_contracts_financial_investments social_assistance specialty_trade_contractors
	sporting_goods_hobby_book_music_stores support_activities_agriculture_forestry support_activities_mining
	support_activities_transportation telecommunications textile_mills textile_product_mills
	transit_ground_passenger_transportation transportation_equipment_manufacturing truck_transportation utilities
	warehousing_storage waste_management_remediation_services water_transportation
	wholesale_electronic_markets_agents_brokers wood_product_manufacturing`)
